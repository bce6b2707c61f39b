"""A WordPress that nobody here wrote: Debian's packages, run on loopback in a throw-away folder.

The posts are ours (a fictional deputy's) and go in through WordPress's own API; everything that
the crawler then reads, WordPress and its packaged themes have written. Opt-in, since it needs
Debian's packages: see `packages.py`.
"""
