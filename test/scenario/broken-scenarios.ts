/** Scenario files that are wrong, each with all that is said of it: line, column, what is wrong and what to do. */
export interface BrokenScenario {
  readonly title: string;
  readonly text: string;
  readonly faults: readonly string[];
}

export const brokenScenarios: readonly BrokenScenario[] = [
  { title: "an empty file", text: "# nothing here\n", faults: ["1:1  the file is empty: a scenario needs steps"] },
  {
    title: "no YAML",
    text: "steps:\n  - run: get pods\n expect: x\n",
    faults: ["3:1  this is no YAML: all mapping items must start at the same column"],
  },
  {
    title: "a tab",
    text: "steps:\n\t- run: get pods\n",
    faults: ["2:1  this is no YAML: tabs are not allowed as indentation"],
  },
  {
    title: "a list instead of a scenario",
    text: "- run: get pods\n",
    faults: ["1:1  expected a mapping, found a list"],
  },
  {
    title: "a Kubernetes manifest",
    text: "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: x\n",
    faults: ["1:1  this is a Kubernetes manifest and no scenario: say rollout apply -f s.yaml"],
  },
  {
    title: "two documents",
    text: "steps: [{run: get pods}]\n---\nsteps: [{run: get pods}]\n",
    faults: ["3:1  a second document: a file holds one scenario"],
  },
  { title: "no steps", text: "name: nothing\nsteps: []\n", faults: ["2:1  there are no steps"] },
  {
    title: "a key twice",
    text: "steps: [{run: get pods}]\nseed: 1\nseed: 2\n",
    faults: ['3:1  "seed" is given twice'],
  },
  {
    title: "a mistyped key",
    text: "steps:\n  - run: get pods\n    expct: x\n",
    faults: ['3:5  unknown key "expct"; did you mean "expect"?'],
  },
  {
    title: "a key of another place",
    text: "steps:\n  - run: get pods\nexpect: x\n",
    faults: ['3:1  unknown key "expect"; there are: name, seed, start, nodes, behaviours, files, steps, invariants'],
  },
  {
    title: "steps that are text",
    text: "steps: get pods\n",
    faults: ['1:1  expected a list, found the text "get pods"'],
  },
  {
    title: "a step that is text",
    text: "steps:\n  - kubectl get pods\n",
    faults: ['2:5  expected a mapping, found the text "kubectl get pods"'],
  },
  {
    title: "a step that does nothing",
    text: "steps:\n  - at: 5s\n",
    faults: ["2:5  the step does nothing: give it run, fault, expect-state or say"],
  },
  {
    title: "a time without a unit",
    text: "steps:\n  - at: 90\n    run: get pods\n",
    faults: ['2:5  time: missing unit in duration "90"; say 90s, 1m30s or 2h'],
  },
  {
    title: "a time that is none",
    text: "steps:\n  - after: soon\n    run: get pods\n",
    faults: ['2:5  time: invalid duration "soon"; say 90s, 1m30s or 2h'],
  },
  {
    title: "both at and after",
    text: "steps:\n  - at: 1s\n    after: 1s\n    run: get pods\n",
    faults: ["3:5  a step has a time of its own (at) or follows the one before (after), not both"],
  },
  {
    title: "steps out of order",
    text: "steps:\n  - at: 2m\n    run: get pods\n  - at: 90s\n    run: get pods\n",
    faults: ["4:5  a step before this one is at 2m00s"],
  },
  {
    title: "both run and fault",
    text: "steps:\n  - run: get pods\n    fault: node node-1 down\n",
    faults: ["3:5  a step runs commands or injects a fault, not both"],
  },
  {
    title: "an expectation without a command",
    text: "steps:\n  - say: hello\n    expect: x\n    exit: 1\n",
    faults: [
      '3:5  "expect" is about a command, and the step runs none',
      '4:5  "exit" is about a command, and the step runs none',
    ],
  },
  {
    title: "an exit code that is text",
    text: "steps:\n  - run: get pods\n    exit: one\n",
    faults: ['3:5  an exit code is a whole number from 0 to 255, not the text "one"'],
  },
  {
    title: "an exit code out of range",
    text: "steps:\n  - run: get pods\n    exit: 256\n",
    faults: ["3:5  an exit code is a whole number from 0 to 255"],
  },
  {
    title: "an open quote",
    text: "steps:\n  - run: get pods -o jsonpath='{.items}\n",
    faults: ["2:5  a ' has no partner"],
  },
  {
    title: "a pipe",
    text: "steps:\n  - run: kubectl get pods | grep web\n",
    faults: ["2:5  pipes are not known here; `-o jsonpath=…`, `-l` and `--no-headers` choose what is printed"],
  },
  {
    title: "a variable",
    text: "steps:\n  - run: kubectl delete pod $POD\n",
    faults: ["2:5  variables are not known here: $POD; write the value, or $(…)"],
  },
  {
    title: "a fault in the second of several lines",
    text: "steps:\n  - run: |\n      kubectl get pods\n      kubectl get pods > pods.txt\n",
    faults: ["2:5  line 2 of it: output cannot be sent to a file here"],
  },
  {
    title: "only a comment as a command",
    text: "steps:\n  - run: '# get pods'\n",
    faults: ["2:5  there is no command in it"],
  },
  {
    title: "a behaviour of nobody",
    text: "steps: [{run: get pods}]\nbehaviours:\n  - ready: 3s\n",
    faults: ["3:5  say who is meant: image=NAME:TAG, or -l LABELS"],
  },
  {
    title: "a behaviour with an unknown word",
    text: "steps: [{run: get pods}]\nbehaviours:\n  - image: web:2\n    never-redy: true\n",
    faults: ['4:5  unknown key "never-redy"; did you mean "never-ready"?'],
  },
  {
    title: "a behaviour that contradicts itself",
    text: "steps: [{run: get pods}]\nbehaviours:\n  - image: web:2\n    ready: 3s\n    never-ready: true\n",
    faults: ["3:5  --ready and --never-ready exclude each other"],
  },
  {
    title: "a behaviour with a bad time",
    text: "steps: [{run: get pods}]\nbehaviours:\n  - {image: web:2, ready: 3}\n",
    faults: ['3:5  invalid argument "3" for "--ready" flag: time: missing unit in duration "3"'],
  },
  {
    title: "half a node",
    text: "nodes: 1.5\nsteps: [{run: get pods}]\n",
    faults: ["1:1  the number of nodes is a whole number, 0 or more"],
  },
  {
    title: "nodes by name of a number",
    text: "nodes: three\nsteps: [{run: get pods}]\n",
    faults: ['1:1  expected a number or a list, found the text "three"'],
  },
  {
    title: "a node with a bad name and amount",
    text: "nodes:\n  - name: B\n    capacity: {cpu: lots}\nsteps: [{run: get pods}]\n",
    faults: ["2:5  a node's name has small letters, digits, - and .", '3:16  "lots" is no amount: say 500m, 2 or 4Gi'],
  },
  {
    title: "a node twice",
    text: "nodes:\n  - name: a\n  - name: a\nsteps: [{run: get pods}]\n",
    faults: ['3:5  there are two nodes "a"'],
  },
  {
    title: "a seed that is text",
    text: "seed: lucky\nsteps: [{run: get pods}]\n",
    faults: ['1:1  a seed is a whole number, not the text "lucky"'],
  },
  {
    title: "a start that is no time",
    text: "start: tomorrow\nsteps: [{run: get pods}]\n",
    faults: ['1:1  "tomorrow" is no time: say 2026-01-01T00:00:00Z'],
  },
  {
    title: "a file that is no text",
    text: "files:\n  web.yaml:\n    kind: Deployment\nsteps: [{run: get pods}]\n",
    faults: ["2:3  expected a text, found a mapping"],
  },
  {
    title: "the state of something that is no object",
    text: "steps:\n  - expect-state:\n      deploy: {spec.replicas: 3}\n      depoy/web: {spec.replicas: 3}\n",
    faults: [
      '3:7  "deploy" names no object: say TYPE/NAME, or TYPE/NAME -n NAMESPACE',
      '4:7  there are no objects of the type "depoy"',
    ],
  },
  {
    title: "the state of a field with a bad path",
    text: "steps:\n  - expect-state:\n      deploy/web:\n        status.conditions[?(@.type==]: x\n",
    faults: ['4:9  "status.conditions[?(@.type==]" is no path of a field: unterminated filter'],
  },
  {
    title: "a state that is a word",
    text: "steps:\n  - expect-state: {deploy/web: gone}\n",
    faults: ['2:20  expected fields, or the word absent, found the text "gone"'],
  },
  {
    title: "invariants of a pod",
    text: "steps: [{run: get pods}]\ninvariants:\n  pod/web: {min-available: 1}\n",
    faults: ["3:3  invariants are about Deployments: say deploy/NAME, not pod/web"],
  },
  {
    title: "invariants with wrong limits",
    text: "steps: [{run: get pods}]\ninvariants:\n  deploy/web:\n    min-available: ceiling\n    max-total: 4\n    finishes-within: 5\n",
    faults: [
      '4:5  expected a number of pods, or the word floor, found the text "ceiling"',
      '5:5  unknown key "max-total"; there are: min-available, max-replicas, max-pods, finishes-within',
      '6:5  time: missing unit in duration "5"; say 90s, 1m30s or 2h',
    ],
  },
  {
    title: "several faults at once",
    text: "sed: 7\nsteps:\n  - run: 5\n  - at: x\n    run: get pods\n",
    faults: [
      '1:1  unknown key "sed"; did you mean "seed"?',
      "3:5  expected a text, found the value 5",
      '4:5  time: invalid duration "x"; say 90s, 1m30s or 2h',
    ],
  },
];
