import { describe, expect, it } from "vitest";
import type { Behaviour } from "../../../src/simulation/behaviour.ts";
import { podManifest, refTo } from "../../domain/api-server.ts";
import { container, Lab, labWithPod } from "../lab.ts";

const running = (behaviour: Partial<Behaviour> = {}, spec: object = {}): Lab => {
  const lab = new Lab();
  lab.behave({ selector: { image: "web:1" }, behaviour });
  lab.create(podManifest(spec));
  lab.advance(10_000);
  return lab;
};
const remove = (lab: Lab, graceSeconds?: number): void =>
  lab.write({ verb: "delete", ref: refTo("Pod", "one"), ...(graceSeconds === undefined ? {} : { graceSeconds }) });

/** What happened from the tenth second on. */
const end = (lab: Lab): readonly string[] => lab.life().slice(5);

describe("a pod that is deleted", () => {
  it("ends by itself within its grace", () => {
    const lab = running();
    remove(lab);
    lab.advance(60_000);
    expect(end(lab)).toEqual(["10.0 DeletionRequested 30", "11.0 ContainerTerminated web 0 Completed", "11.0 Deleted"]);
  });

  it("is killed when its grace is over", () => {
    const lab = running({ ignoresSigterm: true });
    remove(lab, 5);
    lab.advance(60_000);
    expect(end(lab)).toEqual(["10.0 DeletionRequested 5", "15.0 ContainerTerminated web 137 Error", "15.0 Deleted"]);
  });

  it("is killed earlier when a second request shortens the grace, which then runs anew", () => {
    const lab = running({ stopMs: 25_000 });
    remove(lab);
    lab.advance(4000);
    remove(lab, 10);
    lab.advance(60_000);
    expect(end(lab)).toEqual([
      "10.0 DeletionRequested 30",
      "14.0 DeletionRequested 10",
      "24.0 ContainerTerminated web 137 Error",
      "24.0 Deleted",
    ]);
  });

  it("ends as it would have when the second request comes too late to matter", () => {
    const lab = running({ stopMs: 3000 });
    remove(lab);
    lab.advance(2000);
    remove(lab, 20);
    lab.advance(60_000);
    expect(end(lab).slice(2)).toEqual(["13.0 ContainerTerminated web 0 Completed", "13.0 Deleted"]);
  });

  it("is gone at once when no grace is left to it, whatever its containers do", () => {
    const lab = running({ ignoresSigterm: true });
    remove(lab);
    lab.advance(2000);
    remove(lab, 0);
    expect(end(lab)).toEqual(["10.0 DeletionRequested 30", "12.0 Deleted"]);
    lab.advance(60_000);
    expect(end(lab)).toHaveLength(2);
  });

  it("waits for the slowest of its containers", () => {
    const lab = running(
      { stopMs: 8000 },
      {
        containers: [
          { name: "web", image: "web:1" },
          { name: "log", image: "log:1" },
        ],
      },
    );
    remove(lab);
    lab.advance(60_000);
    expect(lab.life().slice(-4)).toEqual([
      "10.0 DeletionRequested 30",
      "18.0 ContainerTerminated web 0 Completed",
      "18.0 ContainerTerminated log 0 Completed",
      "18.0 Deleted",
    ]);
  });

  it("starts no more of its containers", () => {
    const lab = labWithPod(
      { containers: [container("web"), container("log")] },
      {
        "web:1": { stopMs: 20_000 },
        "log:1": { startMs: 15_000 },
      },
    );
    lab.advance(10_000);
    remove(lab);
    lab.advance(60_000);
    expect(lab.life().slice(5)).toEqual([
      "10.0 DeletionRequested 30",
      "30.0 ContainerTerminated web 0 Completed",
      "30.0 Deleted",
    ]);
  });

  it("is gone when its last container has crashed meanwhile, which does not start again", () => {
    const lab = running({ crashAfterMs: 12_000, stopMs: 20_000 });
    remove(lab);
    lab.advance(60_000);
    expect(end(lab)).toEqual([
      "10.0 DeletionRequested 30",
      "13.0 ContainerTerminated web 1 Error",
      "13.0 Unready",
      "13.0 Deleted",
    ]);
  });

  it("stays, with its containers ended, as long as a finalizer holds it", () => {
    const lab = new Lab();
    lab.create(podManifest({}, { finalizers: ["example.com/wait"] }));
    lab.advance(10_000);
    remove(lab);
    lab.advance(60_000);
    expect(end(lab)).toEqual([
      "10.0 DeletionRequested 30",
      "11.0 ContainerTerminated web 0 Completed",
      "11.0 DeletionRequested 0",
    ]);
    lab.write({ verb: "strip", ref: refTo("Pod", "one"), uid: lab.pod().meta.uid, finalizer: "example.com/wait" });
    expect(end(lab).slice(3)).toEqual(["70.0 MetadataChanged", "70.0 Deleted"]);
  });
});
