/** The stories of the golden ledgers: what people and misfortune do, and what is asked afterwards. */

export interface Story {
  readonly seed: number;
  readonly files: Readonly<Record<string, string>>;
  /** Commands, their words separated by single spaces. */
  readonly lines: readonly string[];
  readonly questions: readonly string[];
}

const script = (text: string): readonly string[] => text.trim().split(/\n\s*/);

const everything =
  "deployments,replicasets,pods,services,endpointslices,nodes,namespaces,configmaps,secrets,poddisruptionbudgets";

const asked = (...more: readonly string[]): readonly string[] => [
  "verify -o json",
  "get deployments,replicasets,pods,services -A",
  ...more,
  `get ${everything} -A -o json | sha256sum`,
  "events -A | sha256sum",
  "log -o json | sha256sum",
];

const service = (name: string): string =>
  `apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${name} }, ports: [{ port: 80, targetPort: 8080 }] }
`;

const settings = (level: string): string =>
  `apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { level: ${level} }
---
apiVersion: v1
kind: Secret
metadata: { name: login }
stringData: { password: "${level} horse" }
`;

export const stories: Readonly<Record<string, Story>> = {
  "undo-and-restart": {
    seed: 1,
    files: { "service.yaml": service("web") },
    lines: script(`
      create deployment web --image=web:1 --replicas=4
      apply -f service.yaml
      advance 20s
      set image deployment/web web=web:2 --record
      advance 30s
      set image deployment/web web=web:3
      advance 3s
      rollout undo deployment/web
      advance 30s
      rollout undo deployment/web --to-revision=1
      advance 30s
      rollout restart deployment/web
      scale deployment/web --replicas=6
      advance 40s
      patch deployment web -p {"spec":{"revisionHistoryLimit":1}}
      set image deployment/web web=web:4
      advance 60s
    `),
    questions: asked(
      "rollout history deployment/web",
      "ledger deployment/web -o csv",
      "get pods --as-of rollout:3+2s",
      "describe deployment web | sha256sum",
    ),
  },
  faults: {
    seed: 2,
    files: { "service.yaml": service("api") },
    lines: script(`
      create deployment api --image=api:1 --replicas=5
      apply -f service.yaml
      behave image=api:2 --crash-after 4s
      behave image=api:3 --ready 8s
      patch deployment api -p {"spec":{"progressDeadlineSeconds":40}}
      advance 20s
      fault node node-2 down
      set image deployment/api api=api:404
      advance 90s
      fault node node-2 up
      rollout undo deployment/api
      advance 60s
      set image deployment/api api=api:2
      advance 60s
      set image deployment/api api=api:3
      advance 90s
    `),
    questions: asked("rollout history deployment/api", "ledger deployment/api -o csv"),
  },
  "pause-and-several": {
    seed: 3,
    files: { "settings.yaml": settings("info"), "louder.yaml": settings("debug") },
    lines: script(`
      apply -f settings.yaml
      create deployment web --image=web:1 --replicas=3
      create deployment batch --image=batch:1 --replicas=2
      patch deployment batch -p {"spec":{"strategy":{"type":"Recreate","rollingUpdate":null},"minReadySeconds":3}}
      advance 20s
      rollout pause deployment/web
      set image deployment/web web=web:2
      set resources deployment/web --limits=cpu=200m
      set image deployment/batch batch=batch:2
      advance 15s
      rollout resume deployment/web
      advance 4s
      set image deployment/web web=web:3
      advance 40s
      apply -f louder.yaml
      label deployment batch tier=back
      set image deployment/batch batch=batch:3
      advance 30s
    `),
    questions: asked("ledger --all-namespaces -o csv", "get configmap settings -o yaml", "get secret login -o yaml"),
  },
  deletion: {
    seed: 4,
    files: { "settings.yaml": settings("info"), "service.yaml": service("web") },
    lines: script(`
      create namespace staging
      create deployment web --image=web:1 --replicas=3
      create deployment web --image=web:1 --replicas=2 -n staging
      apply -f service.yaml
      apply -f settings.yaml
      advance 20s
      set image deployment/web web=web:2
      advance 5s
      delete deployment web --wait=false
      advance 60s
      create deployment web --image=web:5 --replicas=2
      advance 20s
      delete deployment web --cascade=orphan
      advance 10s
      create deployment web --image=web:5 --replicas=3
      advance 20s
      delete namespace staging --wait=false
      advance 90s
      redact secret/login --reason leaked --yes
    `),
    questions: asked("ledger deployment/web -o csv", "get secret login -o yaml", "log --type BodiesRedacted"),
  },
};
