"""How gunicorn runs an application node: gunicorn -c deploy/gunicorn.conf.py 'app:create_app()'

LOUYI_BIND and LOUYI_WORKERS come from the environment. With SQLite leave LOUYI_WORKERS at 1: one
process with threads.
"""

import os

# The loopback unless told otherwise: only a proxy should reach it.
bind = os.environ.get("LOUYI_BIND", "127.0.0.1:8000")
# One process by default, which is right for SQLite; with PostgreSQL as many as there are cores.
# A process keeps up to 15 connections to the database: nodes x workers x 15 must stay below
# max_connections (deploy/postgresql/patroni.yml).
workers = int(os.environ.get("LOUYI_WORKERS", "1"))
# Requests wait for the database more than they compute; a thread is cheaper than a process.
worker_class = "gthread"
threads = 8
# After TERM the port is closed at once and requests under way have this long to finish: longer
# than a cast waits for a lock (10 s) and for a standby that stopped answering (about 15 s).
graceful_timeout = 40
# A worker that gives no sign of life for so long is replaced. Requests are not measured by it.
timeout = 60
# The heartbeat is a file; on a busy disk it would make workers look dead.
worker_tmp_dir = "/dev/shm"
# Room for what arrives while all threads are busy; the balancer's own queue is the longer one.
backlog = 256
# No access log: addresses hold receipts and, after a scan, codes of letters.
accesslog = None
# Nobody needs to steer it by a socket.
control_socket_disable = True


def on_starting(_server):
    """Unsafe settings are said in one line, before a worker dies of them."""
    # Only now is the program's folder where Python looks.
    import config

    try:
        config.from_environment()
    except config.UnsafeSettings as unsafe:
        raise SystemExit(f"Louyi does not start: {unsafe}") from None


# The threads of a Python process take turns; let loose on several cores they hand the turn from
# core to core, and half of the processor's time goes into that. So each process stays on one.
def pre_fork(server, worker):
    """The core with the fewest of our processes; known here, where all of them are."""
    if hasattr(os, "sched_getaffinity"):
        taken = [getattr(other, "core", None) for other in server.WORKERS.values()]
        worker.core = min(sorted(os.sched_getaffinity(0)), key=taken.count)


def post_fork(_server, worker):
    """The process that was just made goes to its core."""
    if hasattr(worker, "core"):
        os.sched_setaffinity(0, {worker.core})
