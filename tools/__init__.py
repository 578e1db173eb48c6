"""What the developers run: generators of pages. No part of the program imports it."""
