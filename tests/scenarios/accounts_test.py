#!/usr/bin/env python3
"""Who may ask: the real server under attack from a browser's other tabs, from guessers, from forgers, from the slow and the large."""
import json
import socket
import subprocess
import time

from case import LARMOR, ROOT, Larmor, LarmorApart, Scenario, Trouble, free_ports, larmor, main, store, tool, wait_for

PASSWORD = "correct horse battery"


def users(server, *words, password=PASSWORD):
    """`larmor users ...` on the server's data, the password from standard input."""
    return subprocess.run([str(LARMOR), "users", *words, "--set", f"data.directory={server.data}"], input=password + "\n", capture_output=True,
                          text=True, timeout=60)


def curl(url, *options, jar=None):
    """(status, body, headers) of other people's client."""
    cookies = ("-b", jar, "-c", jar) if jar else ()
    done = tool("curl", "-sS", "-i", "--max-time", "60", *cookies, *options, url)
    head, _, body = done.stdout.replace("\r\n", "\n").partition("\n\n")
    while head.startswith("HTTP/1.1 100"):
        head, _, body = body.partition("\n\n")
    lines = head.split("\n")
    return int(lines[0].split()[1]), body, {k.lower(): v for k, v in (line.split(": ", 1) for line in lines[1:] if ": " in line)}


def sign_in(url, name, password=PASSWORD, *options, jar=None):
    return curl(f"{url}/v1/session", "-H", "content-type: application/json", "-d", json.dumps({"name": name, "password": password}), *options, jar=jar)


def raw(port, text, patience_s=15):
    """What comes back for these bytes, until the other side closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience_s) as s:
        s.sendall(text)
        answer = b""
        while piece := s.recv(65536):
            answer += piece
        return answer


def send(url, files, folder, uploader, storer):
    """One file as an upload of the page, one over STOW-RS; each with what shows who sends."""
    assert curl(f"{url}/v1/uploads?name=x", "--data-binary", f"@{files[0]}", *uploader)[0] == 200
    body = folder / "body"
    body.write_bytes(b"--b\r\nContent-Type: application/dicom\r\n\r\n" + files[1].read_bytes() + b"\r\n--b--")
    kind = 'Content-Type: multipart/related; type="application/dicom"; boundary=b'
    assert curl(f"{url}/dicom-web/studies", "-H", kind, "--data-binary", f"@{body}", *storer)[0] == 200


class OnALaptop(Scenario):
    """Without any account, beside a browser that has other pages open."""

    def setUp(self):
        super().setUp()
        self.server = self.start(Larmor(self.folder / "larmor"))

    def test_nobody_needs_an_account(self):
        status, body, _ = curl(f"{self.server.url}/v1/session")
        self.assertEqual((status, json.loads(body)["required"]), (200, False))
        self.assertEqual(curl(f"{self.server.url}/v1/studies")[0], 200)

    def test_a_name_that_someone_else_pointed_here_gets_nothing(self):
        for host in ("evil.example", "evil.example:8480", "127.0.0.1.evil.example", "localhost.evil.example"):
            with self.subTest(host):
                status, body, _ = curl(f"{self.server.url}/v1/studies", "-H", f"Host: {host}")
                self.assertEqual((status, json.loads(body)["pointer"]), (403, "http.hosts"))
        self.assertEqual(curl(f"http://evil.example:{self.server.http_port}/", "--resolve", f"evil.example:{self.server.http_port}:127.0.0.1")[0], 403)
        self.assertIn(b" 400 ", raw(self.server.http_port, b"GET /v1/studies HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n")[:20])

    def test_a_page_of_another_site_has_no_effect_and_reads_nothing(self):
        for headers in (("Origin: http://evil.example",), ("Origin: null",), ("Sec-Fetch-Site: cross-site",), ("Sec-Fetch-Site: same-site",)):
            words = [w for h in headers for w in ("-H", h)]
            with self.subTest(headers):
                self.assertEqual(curl(f"{self.server.url}/v1/uploads?name=x", "-d", "x", *words)[0], 403)
                self.assertEqual(curl(f"{self.server.url}/v1/users", "-d", "{}", *words)[0], 403)
                self.assertEqual(curl(f"{self.server.url}/v1/studies", *words)[0], 403)
        self.assertEqual(curl(f"{self.server.url}/v1/health", "-H", "Sec-Fetch-Site: cross-site")[0], 200)

    def test_a_name_of_a_proxy_is_known_once_it_is_set(self):
        server = self.start(Larmor(self.folder / "named", {"http.hosts": "larmor.hospital.example"}))
        self.assertEqual(curl(f"{server.url}/v1/studies", "-H", "Host: Larmor.hospital.example:443")[0], 200)

    def test_every_answer_says_what_a_browser_may_not_do_with_it(self):
        for path in ("/", "/v1/studies", "/v1/nothing", "/assets/none.js"):
            headers = curl(self.server.url + path)[2]
            with self.subTest(path):
                self.assertNotIn("unsafe-inline' 'self", headers["content-security-policy"])
                self.assertIn("frame-ancestors 'self'", headers["content-security-policy"])
                self.assertEqual((headers["x-content-type-options"], headers["referrer-policy"], headers["cross-origin-resource-policy"]),
                                 ("nosniff", "same-origin", "same-origin"))

    def test_the_first_user_closes_the_door_of_a_running_server(self):
        self.assertEqual(users(self.server, "add", "ada", "--role", "administrator").returncode, 0)
        self.assertEqual(curl(f"{self.server.url}/v1/studies")[0], 401)
        self.assertEqual(curl(f"{self.server.url}/v1/health")[0], 200)
        users(self.server, "disable", "ada")
        self.assertEqual(curl(f"{self.server.url}/v1/studies")[0], 401, "and the last one's leaving opens nothing")


class WithAccounts(Scenario):
    def setUp(self):
        super().setUp()
        self.server = self.start(Larmor(self.folder / "larmor", {"import.quiet_period_s": 1}))
        for name, role in (("rita", "reader"), ("otto", "operator"), ("ada", "administrator")):
            done = users(self.server, "add", name, "--role", role)
            self.assertEqual(done.returncode, 0, done.stderr)
        self.url = self.server.url

    def jar(self, name):
        jar = self.folder / f"{name}.jar"
        self.assertEqual(sign_in(self.url, name, jar=jar)[0], 200)
        return jar

    def token(self, *words):
        return larmor("tokens", "add", "script", *words, "--set", f"data.directory={self.server.data}").stdout.strip()

    def test_each_role_may_what_the_table_says(self):
        for name, statuses in (("rita", (200, 403, 403)), ("otto", (200, 404, 403)), ("ada", (200, 404, 200))):
            jar = self.jar(name)
            asked = (("/v1/studies",), ("/v1/jobs/none/revivals", "-X", "POST"), ("/v1/users",))
            self.assertEqual(tuple(curl(self.url + path, *words, jar=jar)[0] for path, *words in asked), statuses, name)
        self.assertEqual([curl(self.url + path)[0] for path in ("/v1/studies", "/dicom-web/studies", "/v1/events/stream", "/openapi.json")], [401] * 4)
        self.assertEqual([curl(self.url + path)[0] for path in ("/", "/v1/health", "/v1/session")], [200] * 3)

    def test_tokens_are_good_for_their_scopes_until_they_are_revoked(self):
        token = self.token("--scope", "read")
        bearer = ("-H", f"Authorization: Bearer {token}")
        self.assertEqual(curl(f"{self.url}/dicom-web/studies", *bearer)[0], 200)
        self.assertEqual(curl(f"{self.url}/v1/uploads?name=x", "-d", "x", *bearer)[0], 403)
        for forged in (token[:-1] + ("0" if token[-1] != "0" else "1"), token.upper(), "larmor_", "x" * 10000):
            self.assertEqual(curl(f"{self.url}/v1/studies", "-H", f"Authorization: Bearer {forged}")[0], 401)
        listed = json.loads(larmor("tokens", "list", "--json", "--set", f"data.directory={self.server.data}").stdout)["items"]
        larmor("tokens", "revoke", listed[0]["id"], "--set", f"data.directory={self.server.data}")
        self.assertEqual(curl(f"{self.url}/v1/studies", *bearer)[0], 401)
        for file in self.server.data.rglob("*"):
            if file.is_file():
                self.assertNotIn(token.encode(), file.read_bytes(), file)

    def age(self, change):
        """Time cannot be moved for a running server; what it wrote down of it can."""
        tool("sqlite3", self.server.data / "accounts/accounts.db", change)

    def test_what_has_run_out_is_refused_with_a_word_of_what_to_do(self):
        token, jar = self.token("--scope", "read"), self.jar("rita")
        bearer = ("-H", f"Authorization: Bearer {token}")
        for path in ("/v1/studies", "/dicom-web/studies"):
            self.assertEqual((curl(self.url + path, *bearer)[0], curl(self.url + path, jar=jar)[0]), (200, 200))
        self.age("UPDATE token SET expires = made + 1; UPDATE session SET made = made - 43201000000000, used = used - 3000000000000")
        for path in ("/v1/studies", "/dicom-web/studies", "/v1/events/stream"):
            for proof, what, hint in ((bearer, "this token ended at 20", "larmor tokens add"), (("-b", jar), "this session has ended", "Sign in again")):
                with self.subTest(path=path, proof=proof[0]):
                    status, body, headers = curl(self.url + path, *proof)
                    self.assertEqual((status, headers["content-type"], headers["www-authenticate"]), (401, "application/problem+json", 'Bearer realm="larmor"'))
                    self.assertIn(what, json.loads(body)["detail"])
                    self.assertIn(hint, body)
        refused = subprocess.run([str(LARMOR), "studies", "--server", self.url], capture_output=True, text=True, timeout=30, env={"LARMOR_TOKEN": token})
        self.assertNotEqual(refused.returncode, 0)
        self.assertRegex(refused.stderr, "this token ended at 20.*larmor tokens add")
        self.assertEqual(curl(f"{self.url}/v1/studies", *bearer, jar=self.jar("rita"))[0], 401, "and a good session does not cover for it")
        self.assertEqual(curl(f"{self.url}/v1/studies", "-H", f"Authorization: Bearer {self.token('--scope', 'read')}")[0], 200)

    def test_commands_take_a_token_from_the_environment(self):
        command = [str(LARMOR), "studies", "--server", self.url]
        refused = subprocess.run(command, capture_output=True, text=True, timeout=30)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("larmor tokens add", refused.stderr)
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, env={"LARMOR_TOKEN": self.token()})
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_guessing_is_slowed_down_and_the_wait_is_told(self):
        statuses, wait_s = [], 0
        while wait_s < 16:  # each wrong one doubles the wait, so that a slow machine meets it too
            status, body, headers = sign_in(self.url, "rita", "wrong horse battery")
            statuses.append(status)
            wait_s = int(headers.get("retry-after", 0))
            self.assertLess(len(statuses), 40)
            time.sleep(wait_s if wait_s < 16 else 0)
        self.assertEqual(statuses[:5], [401] * 5)
        self.assertIn("wait", json.loads(body)["detail"])
        self.assertEqual(sign_in(self.url, "rita")[0], 429, "also the right one")
        self.assertEqual(sign_in(self.url, "otto")[0], 200, "another user at the same address")

    def test_a_planted_session_stays_nobodys(self):
        planted = f"larmor={'a' * 64}"
        _, _, headers = sign_in(self.url, "rita", PASSWORD, "-H", f"Cookie: {planted}")
        self.assertNotIn(planted, headers["set-cookie"])
        for word in ("HttpOnly", "SameSite=Strict", "Path=/"):
            self.assertIn(word, headers["set-cookie"])
        self.assertEqual(curl(f"{self.url}/v1/studies", "-H", f"Cookie: {planted}")[0], 401)

    def test_another_site_cannot_use_the_open_session(self):
        jar = self.jar("otto")
        for header in ("Origin: http://evil.example", "Sec-Fetch-Site: cross-site"):
            self.assertEqual(curl(f"{self.url}/v1/jobs/none/revivals", "-X", "POST", "-H", header, jar=jar)[0], 403)

    def test_a_disabled_user_is_out_at_once(self):
        jar = self.jar("rita")
        self.assertEqual(curl(f"{self.url}/v1/studies", jar=jar)[0], 200)
        users(self.server, "disable", "rita")
        self.assertEqual(curl(f"{self.url}/v1/studies", jar=jar)[0], 401)
        self.assertEqual(sign_in(self.url, "rita")[0], 401)

    def test_huge_bodies_and_headers_are_refused_before_they_are_read(self):
        large = self.folder / "large.json"
        large.write_text(json.dumps({"name": "a" * 200_000, "password": "b"}))
        self.assertEqual(curl(f"{self.url}/v1/session", "--data-binary", f"@{large}")[0], 413)
        self.assertIn(b" 431 ", raw(self.server.http_port, b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + b"a" * 100_000)[:20])
        answer = raw(self.server.http_port, b"POST /v1/uploads?name=x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000000\r\n\r\n" + b"x" * 1000)
        self.assertIn(b" 401 ", answer[:20])

    def test_the_slow_hold_up_nobody(self):
        """Whatever they are slow with: the header, a body that is announced, and one in chunks, which a worker reads."""
        held = [socket.create_connection(("127.0.0.1", self.server.http_port)) for _ in range(200)]
        for n, s in enumerate(held):
            s.sendall(b"POST /v1/session HTTP/1.1\r\nHost: localhost\r\n" +
                      (b"Content-Length: 100\r\nX-Slow: ", b"Content-Length: 100\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")[n % 3])
        began = time.monotonic()
        self.assertEqual(sign_in(self.url, "rita")[0], 200)
        self.assertLess(time.monotonic() - began, 10)
        held[0].settimeout(30)
        while held[0].recv(4096):
            pass
        self.assertLess(time.monotonic() - began, 30, "cut after its header's time")
        for s in held:
            s.close()

    def test_the_log_tells_who_opened_what_and_who_was_refused(self):
        head, study = self.head()
        store(self.server.dicom_port, head)
        token = self.token("--scope", "read")
        bearer = ("-H", f"Authorization: Bearer {token}")

        def events(*types):
            page = json.loads(curl(f"{self.url}/v1/events?limit=1000" + "".join(f"&type={t}" for t in types), *bearer)[1])
            return page["items"]
        wait_for("the study", lambda: events("study.complete"), 60)
        jar = self.jar("rita")
        [series] = json.loads(curl(f"{self.url}/v1/studies/{study}/series", jar=jar)[1])["items"]
        for _ in range(20):
            self.assertEqual(curl(f"{self.url}/v1/instances/{series['first']}/header", jar=jar)[0], 200)
        curl(f"{self.url}/v1/jobs/17/revivals", "-X", "POST", jar=jar)
        opened = [e for e in events("access.opened") if e["fields"]["who"] == "rita"]
        self.assertEqual([(e["study"], e["fields"]["role"], e["fields"]["address"]) for e in opened], [(study, "reader", "127.0.0.1")])
        self.assertIn("rita opened the study", opened[0]["words"])
        refused = events("access.refused")
        self.assertTrue(any(e["fields"]["who"] == "rita" for e in refused), refused)
        told = wait_for("the sign-in in the log", lambda: events("account.signed_in"), 10)
        self.assertEqual(told[0]["fields"]["user"], "rita")


    def test_what_comes_in_and_who_follows_it_is_told_by_name(self):
        files = sorted(self.head()[0].rglob("*.dcm"))[:2]
        bearer = ("-H", f"Authorization: Bearer {self.token('--scope', 'read', '--scope', 'operate')}")
        self.assertEqual(curl(f"{self.url}/changes?limit=1", *bearer)[0], 200)
        curl(f"{self.url}/v1/changes", *bearer)
        send(self.url, files, self.folder, ("-b", self.jar("otto")), bearer)

        def told(kind):
            return json.loads(curl(f"{self.url}/v1/events?limit=1000&type={kind}", *bearer)[1])["items"]
        self.assertEqual([(e["fields"]["who"], e["fields"]["path"]) for e in told("access.searched")], [("script", "/changes")])
        stored = wait_for("what was stored", lambda: len(found := told("instance.stored")) == 2 and found)
        self.assertEqual({(e["fields"]["way"], e["fields"]["sender"]) for e in stored}, {("upload", "otto"), ("stow-rs", "script")})


class WithServicesApart(Scenario):
    def test_the_front_guards_what_runs_elsewhere_and_tells_the_log_there(self):
        self.rules.write_text("rules: []\n")
        server = self.start(LarmorApart(self.folder / "apart", config=self.rules))
        self.assertEqual(curl(f"{server.url}/v1/studies")[0], 200)
        self.assertEqual(users(server, "add", "rita", "--role", "reader").returncode, 0)
        self.assertEqual(curl(f"{server.url}/v1/studies")[0], 401)
        jar = self.folder / "rita.jar"
        self.assertEqual(sign_in(server.url, "rita", jar=jar)[0], 200)
        self.assertEqual(curl(f"{server.url}/v1/studies", jar=jar)[0], 200)

        def told():
            return {e["type"] for e in json.loads(curl(f"{server.url}/v1/events?limit=1000", jar=jar)[1])["items"] if e["service"] == "accounts"}
        wait_for("the accounts' events", lambda: told() >= {"account.added", "account.signed_in", "access.refused", "access.searched"}, 15)

    def test_who_sends_is_told_where_it_is_kept(self):
        server = self.start(LarmorApart(self.folder / "apart", {"import.quiet_period_s": 1}))
        self.assertEqual(users(server, "add", "otto", "--role", "operator").returncode, 0)
        jar = self.folder / "otto.jar"
        self.assertEqual(sign_in(server.url, "otto", jar=jar)[0], 200)
        send(server.url, sorted(self.head()[0].rglob("*.dcm"))[:2], self.folder, ("-b", jar), ("-b", jar))

        def stored():
            found = json.loads(curl(f"{server.url}/v1/events?limit=1000&type=instance.stored", jar=jar)[1])["items"]
            return len(found) == 2 and {(e["fields"]["way"], e["fields"]["sender"]) for e in found}
        self.assertEqual(wait_for("what was stored", stored), {("upload", "otto"), ("stow-rs", "otto")})


class ForOthers(Scenario):
    """On an address that others can reach."""

    def certificates(self):
        larmor("certs", "init", self.folder / "certs")
        return {"http.address": "0.0.0.0", "http.certificate": self.folder / "certs/front.pem", "http.key": self.folder / "certs/front.key"}

    def test_it_refuses_to_start_before_somebody_can_sign_in_and_says_how(self):
        with self.assertRaises(Trouble) as seen:
            self.start(Larmor(self.folder / "larmor", self.certificates(), wait=False)).wait_ready()
        self.assertIn("larmor users add", str(seen.exception))
        self.assertIn("nobody can sign in", str(seen.exception))

    def test_the_example_of_a_hospital_is_right(self):
        done = larmor("check", "--config", ROOT / "examples/hospital/larmor.yaml", "--set", f"data.directory={self.folder / 'data'}")
        self.assertIn("ok", done.stdout)

    def test_over_tls_the_cookie_is_bound_to_this_host(self):
        settings = self.certificates()
        server = Larmor.__new__(Larmor)
        server.data = self.folder / "larmor"
        self.assertEqual(users(server, "add", "rita", "--role", "reader").returncode, 0)
        server = self.start(Larmor(self.folder / "larmor", settings, ports=free_ports(2), wait=False))
        url, trust = f"https://localhost:{server.http_port}", ("--cacert", self.folder / "certs/ca.pem")
        wait_for("Larmor", lambda: server.alive() and tool("curl", "-s", *trust, url + "/v1/health", check=False).returncode == 0)
        status, _, headers = sign_in(url, "rita", PASSWORD, *trust)
        self.assertEqual(status, 200)
        self.assertTrue(headers["set-cookie"].startswith("__Host-larmor="), headers)
        self.assertIn("; Secure", headers["set-cookie"])
        self.assertIn("max-age=31536000", headers["strict-transport-security"])
        cookie = headers["set-cookie"].split(";")[0]
        self.assertEqual(curl(f"{url}/v1/studies", *trust, "-H", f"Cookie: {cookie}")[0], 200)
        self.assertEqual(curl(f"{url}/v1/studies", *trust, "-H", f"Cookie: {cookie.removeprefix('__Host-')}")[0], 401)


if __name__ == "__main__":
    main()
