"""Rules by which a scripted server departs from its usual behaviour.

A script is a JSON object; its member "rules" is a list of objects. A rule
says when it fires:

    "at"      the stage (or several, as a list); each server names its own
    "match"   a regular expression found in the text of the event
    "nth"     the number, or a list of numbers, of the matching event (1 is
              the first), counted for this rule over the whole server
    "from"    from this matching event on
    "times"   fires at most this often
    "beyond"  [N, SECONDS]: of the matching events, those that come when N have
              passed within so many seconds

Its other members say what happens then; each server documents its own. The
first rule that fires wins.
"""

import json
import os
import re
import socket
import struct
import threading
import time


class Rules:
    """The rules of a script, with their counters; safe to share."""

    def __init__(self, rules, known, default_stage=None):
        self.lock = threading.Lock()
        self.rules = [Rule(rule, known, default_stage) for rule in rules]

    def fire(self, stage, text, also=None):
        """Count the event for the rules that it matches, and return what the
        first does that fires; also(action) may narrow which it matches."""
        with self.lock:
            matching = [
                rule for rule in self.rules
                if (also is None or also(rule.action))
                and rule.counts(stage, text)
            ]
            for rule in matching:
                if rule.fires():
                    rule.fired += 1
                    return rule.action
        return {}


class Rule:
    """One rule. A member that nobody knows is a mistake in the test."""

    WHEN = {"at", "match", "nth", "from", "times", "beyond"}

    def __init__(self, rule, known, default_stage):
        unknown = set(rule) - self.WHEN - set(known)
        if unknown:
            raise ValueError("rule has unknown members: %s" % sorted(unknown))
        at = rule.get("at", default_stage)
        if at is None:
            raise ValueError('a rule needs "at"')
        self.stages = [at] if isinstance(at, str) else at
        self.match = re.compile(rule.get("match", ""))
        nth = rule.get("nth")
        self.nth = [nth] if isinstance(nth, int) else nth
        self.first = rule.get("from", 1)
        self.times = rule.get("times", float("inf"))
        self.beyond = rule.get("beyond")
        self.passed = []
        self.action = {k: v for k, v in rule.items() if k not in self.WHEN}
        self.seen = 0
        self.fired = 0

    def counts(self, stage, text):
        """Whether the event is this rule's; if so it is counted."""
        if stage not in self.stages:
            return False
        if not self.match.search(text):
            return False
        self.seen += 1
        return True

    def fires(self):
        """Whether the event that was just counted is one to act upon."""
        if self.nth is not None and self.seen not in self.nth:
            return False
        if self.beyond is not None and not self.is_beyond():
            return False
        return self.seen >= self.first and self.fired < self.times

    def is_beyond(self):
        """Whether the limit is reached; an event within it is remembered."""
        most, seconds = self.beyond
        now = time.monotonic()
        self.passed = [then for then in self.passed if now - then < seconds]
        if len(self.passed) >= most:
            return True
        self.passed.append(now)
        return False


class Log:
    """JSON lines, each written whole and at once: tests read while we run."""

    def __init__(self, path):
        self.lock = threading.Lock()
        self.file = open(path, "a", encoding="utf-8")

    def write(self, event, **members):
        """Append one event with the time it happened."""
        line = json.dumps({"event": event, "time": time.time(), **members})
        with self.lock:
            self.file.write(line + "\n")
            self.file.flush()


def reset(sock):
    """Close by a RST, at once, whoever else still refers to the socket."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(sock.detach())


def put_env(directory, **values):
    """DIR/env, which a test sources: as put_env of common.sh writes it."""
    path = os.path.join(directory, "env")
    with open(path + ".new", "w", encoding="utf-8") as file:
        for name, value in values.items():
            quoted = str(value).replace("'", "'\\''")
            file.write("export %s='%s'\n" % (name, quoted))
    os.replace(path + ".new", path)


def load(path, known):
    """The script as a dict, after a check of its top level members."""
    with open(path, encoding="utf-8") as file:
        script = json.load(file)
    unknown = set(script) - set(known) - {"rules"}
    if unknown:
        raise ValueError("script has unknown members: %s" % sorted(unknown))
    return script
