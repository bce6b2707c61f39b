"""A fictional deputy's WordPress site, served over real HTTP on loopback.

Everything about it is data (`content/*.yaml`) and templates; `DemoSite` serves it, and
`expected` says, from the same data, what an archive of it must hold. No clock, no chance.
"""

from archiver.demo.expected import ExpectedArticle, ExpectedQuestion, expected
from archiver.demo.server import DEMO_PORT, DemoSite
from archiver.demo.switches import Logged, Switches

__all__ = [
    "DEMO_PORT",
    "DemoSite",
    "ExpectedArticle",
    "ExpectedQuestion",
    "Logged",
    "Switches",
    "expected",
]
