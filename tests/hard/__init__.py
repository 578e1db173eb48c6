"""Bad days: races, crashes, full disks, lost connections, clocks that differ; on real databases."""
