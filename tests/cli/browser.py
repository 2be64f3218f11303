"""Chromium without a window, told what to do through a pipe (the DevTools
protocol): `with Browser(path) as page: page.run("1 + 1")`."""
import json
import os
import signal
import subprocess
import tempfile


class Browser:
    def __init__(self, chromium, path):
        self.home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        theirs, self.out = os.pipe()
        self.into, ours = os.pipe()
        self.data, self.id, self.session = b"", 0, None

        def wire():
            # fds 3 and 4 are where it reads and writes
            a, b = os.dup2(theirs, 13), os.dup2(ours, 14)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu",
             "--no-first-run", "--disable-dev-shm-usage",
             "--remote-debugging-pipe", "--window-size=1280,900",
             "--user-data-dir=" + self.home.name, "about:blank"],
            preexec_fn=wire, close_fds=False, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(theirs)
        os.close(ours)
        target = self.call("Target.createTarget", url="about:blank")
        self.session = self.call("Target.attachToTarget", flatten=True,
                                 targetId=target["targetId"])["sessionId"]
        self.call("Page.enable")
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        while self.take().get("method") != "Page.loadEventFired":
            pass

    def take(self):
        """The next message."""
        while b"\0" not in self.data:
            more = os.read(self.into, 1 << 20)
            if not more:
                raise RuntimeError("the browser has gone")
            self.data += more
        message, _, self.data = self.data.partition(b"\0")
        return json.loads(message)

    def call(self, method, **params):
        self.id += 1
        message = {"id": self.id, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.take()
            if answer.get("id") == self.id:
                assert "error" not in answer, answer
                return answer["result"]

    def run(self, expression):
        """The value of an expression in the page."""
        result = self.call("Runtime.evaluate", expression=expression,
                           returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def media(self, media="", **features):
        self.call("Emulation.setEmulatedMedia", media=media, features=[
            {"name": k.replace("_", "-"), "value": v}
            for k, v in features.items()])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.out)
        os.close(self.into)
        self.home.cleanup()
