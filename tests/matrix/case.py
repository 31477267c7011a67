"""A case of the fault matrix: a world, and what is broken in it."""

import contextlib
import subprocess
import threading

from world import Mail, Server, World

FOLLOWERS = 40
# Slow enough for something to happen in the middle.
SLOW = {"at": "dot", "delay": 0.02}


class Case:
    """A world of its own, and what its faults have changed in it."""

    def __init__(self, mongo):
        self.mongo = mongo
        self.mail = Mail({"rules": [SLOW]})
        self.store = Server("http-script")
        self.world = World(self.mail, self.store, mongo, FOLLOWERS)
        self.arguments = []
        self.env = {}
        self.mend = contextlib.ExitStack()
        self.mounted = None
        self.watchers = []
        self.next_run = []  # arguments of the one after it is mended
        self.doubtful = set()  # of a run before the first one

    def end(self):
        self.mend.close()
        if self.mounted:
            subprocess.run(["umount", self.mounted], check=False)
        self.mail.remove()
        self.store.remove()

    def odd(self):
        return rf"{self.world.name}-\d*[13579]\b"

    def mail_script(self, *rules):
        self.mail.change({"rules": [*rules, SLOW]})
        self.mend.callback(self.mail.change, {"rules": [SLOW]})

    def store_script(self, *rules):
        self.store.restart(f'{{"rules": [{", ".join(rules)}]}}')
        self.mend.callback(self.store.restart, '{"rules": []}')

    def when_mailed(self, count, action):
        """Does it once so many mails have arrived, or the run is over."""
        def watch():
            while not self.over.wait(0.01):
                if len(self.mail.messages(self.world.mark)) >= count:
                    action()
                    return
        self.watchers.append(watch)

    def small_disk(self, path, size):
        path.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs",
                        path], check=True)
        return path

    def run(self):
        self.over = threading.Event()
        threads = [threading.Thread(target=watch) for watch in self.watchers]
        for thread in threads:
            thread.start()
        try:
            return self.world.run(*self.arguments, **self.env)
        finally:
            self.over.set()
            for thread in threads:
                thread.join()
