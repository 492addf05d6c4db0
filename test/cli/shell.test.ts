/** `rollout sh`: lines piped in, and the gate that pasted lines go through. */
import { EventEmitter } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LineGate } from "../../src/cli/shell/line-gate.ts";
import { scratchFolder } from "../support/folder.ts";
import { rollout } from "./rollout.ts";

const folder = scratchFolder();

describe("lines that are piped in", () => {
  it("are run one after another on one ledger, each shown before what it says", async () => {
    const ledger = join(folder, "piped.db");
    const input = `# a tutorial
$ rollout init --clock manual
$ kubectl create deployment web --image=web:1 \\
    --replicas=2
kubectl rollout status deploy/web && kubectl scale deploy/web --replicas=3

cat <<EOF | kubectl apply -f -
apiVersion: v1
kind: Namespace
metadata: {name: x}
EOF
rollout get nothing
kubectl get deploy web -o jsonpath='{.spec.replicas}{"\\n"}'
exit
kubectl delete deploy web
`;
    const { code, out, err } = await rollout(["sh", "--ledger", ledger], { input });
    expect(out).toBe(`$ rollout init --clock manual
started ${ledger} with 3 nodes and a manual clock at 2026-01-01T00:00:00Z: it moves by "rollout advance 60s" and by commands that wait
$ kubectl create deployment web --image=web:1 \\
    --replicas=2
deployment.apps/web created
$ kubectl rollout status deploy/web
Waiting for deployment "web" rollout to finish: 0 of 2 updated replicas are available...
deployment "web" successfully rolled out
$ kubectl scale deploy/web --replicas=3
deployment.apps/web scaled
$ cat <<EOF | kubectl apply -f -
apiVersion: v1
kind: Namespace
metadata: {name: x}
namespace/x created
$ rollout get nothing
$ kubectl get deploy web -o jsonpath='{.spec.replicas}{"\\n"}'
3
`);
    expect(err).toBe(`error: the server doesn't have a resource type "nothing"\n`);
    expect(code).toBe(1);
  });

  it("that cannot be understood are told, and the others run", async () => {
    const ledger = join(folder, "faults.db");
    const input = "kubectl get pods | grep x\ngte pods\ncreate ns x\nget 'unfinished\n";
    const { code, out, err } = await rollout(["sh", "--ledger", ledger], { input });
    expect(code).toBe(1);
    expect(out).toBe("$ gte pods\n$ create ns x\nnamespace/x created\n");
    expect(err).toContain("error: pipes are not known here");
    expect(err).toContain('error: unknown command "gte"');
    expect(err.trimEnd().split("\n").at(-1)).toBe("error: a ' has no partner");
  });

  it("leave an exit code of 0 when all went well", async () => {
    const { code } = await rollout(["sh", "--ledger", join(folder, "well.db")], { input: "create ns x\nget ns\n" });
    expect(code).toBe(0);
  });

  it("let the cluster take its first steps between two commands, in real time too", async () => {
    const input = `create deployment web --image=web:1 --replicas=3
rollout status deploy/web
set image deploy/web web=web:2 && rollout pause deploy/web
get rs --sort-by=.spec.replicas -o custom-columns=REPLICAS:.spec.replicas --no-headers
`;
    const { out } = await rollout(["sh", "--ledger", join(folder, "canary.db")], { input });
    expect(out).toMatch(/\n1\n3\n$/);
  });
});

/** A terminal that a test types into. */
class FakeTerminal extends EventEmitter {
  isRaw = false;
  isPaused = true;

  setEncoding(): void {
    // What a test emits is text already.
  }

  setRawMode(isRaw: boolean): void {
    this.isRaw = isRaw;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }
}

describe("the gate before the prompt", () => {
  const opened = () => {
    const terminal = new FakeTerminal();
    const gate = new LineGate(terminal);
    let through = "";
    gate.setEncoding("utf8").on("data", (text: string) => {
      through += text;
    });
    const seen = async (): Promise<string> => {
      await new Promise(setImmediate);
      return through;
    };
    return { terminal, gate, seen };
  };

  it("lets one pasted line through each time it is opened", async () => {
    const { terminal, gate, seen } = opened();
    gate.open();
    terminal.emit("data", "get pods\rget rs\r\nget");
    expect(await seen()).toBe("get pods\r");
    gate.close();
    expect(terminal).toMatchObject({ isRaw: false, isPaused: true });
    gate.open();
    expect(terminal).toMatchObject({ isRaw: true, isPaused: false });
    expect(await seen()).toBe("get pods\rget rs\r\n");
    gate.open();
    terminal.emit("data", " svc");
    expect(await seen()).toBe("get pods\rget rs\r\nget svc");
  });

  it("holds what comes while it is closed, unless it is told to forget it", async () => {
    const { terminal, gate, seen } = opened();
    terminal.emit("data", "a\rb\rc\r");
    expect(await seen()).toBe("");
    gate.open();
    expect(await seen()).toBe("a\r");
    gate.discard();
    gate.open();
    terminal.emit("data", "d\r");
    expect(await seen()).toBe("a\rd\r");
  });

  it("ends when the terminal does", async () => {
    const { terminal, gate } = opened();
    gate.open();
    terminal.emit("end");
    await new Promise((resolve) => gate.once("end", resolve));
  });
});
