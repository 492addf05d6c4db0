/** What `rollout` alone says: what to try first. */
export const welcome = `Rollout Ledger: Kubernetes rollouts in a simulated cluster, every change kept in one file.

  rollout run scenarios/canary-and-rollback.yaml              watch a story happen
  rollout create deployment web --image=nginx:1.14 --replicas=3
  rollout status deploy/web                                   follow it until it is done
  rollout set image deploy/web nginx=nginx:1.15               roll out another version
  rollout get deploy,rs,pods -o wide                          the words are kubectl's
  rollout history deploy/web; rollout undo deploy/web
  rollout timeline deploy/web                                 what happened, as a picture
  rollout sh                                                  a prompt, to type or paste lines into
  rollout help                                                every verb; rollout VERB --help has examples
`;
