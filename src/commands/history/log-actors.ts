/** Actors as people name them, for `rollout log --actor`. */
import { closest } from "../../kubernetes/edit-distance.ts";

/** `user:alice`, `kubelet` for every kubelet, or `alice` for whoever is called that. */
export const isCalled = (actor: string, wanted: string): boolean =>
  actor === wanted || actor.startsWith(`${wanted}:`) || actor.endsWith(`:${wanted}`);

/** More are not listed: whoever looks for one of so many knows how they are called. */
const maxListed = 12;

const kindOf = (actor: string): string => actor.split(":")[0] ?? actor;

/** People by their names, machines by what they are where there are several: the kubelets of a hundred nodes are one word. */
const listed = (actors: readonly string[]): readonly string[] => {
  const ofKind = (actor: string): number => actors.filter((other) => kindOf(other) === kindOf(actor)).length;
  const names = actors.map((actor) => (kindOf(actor) !== "user" && ofKind(actor) > 1 ? kindOf(actor) : actor));
  // People first: it is they who are mistyped.
  return [...new Set(names)].sort((a, b) => Number(b.startsWith("user:")) - Number(a.startsWith("user:")));
};

const meantBy = (wanted: string, actors: readonly string[]): string | undefined => {
  const byWord = new Map<string, string>();
  for (const actor of actors) byWord.set(kindOf(actor), kindOf(actor));
  for (const actor of actors) byWord.set(actor.slice(actor.indexOf(":") + 1), actor).set(actor, actor);
  const word = closest(wanted, byWord.keys());
  return word === undefined ? undefined : byWord.get(word);
};

/** Why this cannot be an actor; undefined when there is one that is called so. */
export const unknownActor = (wanted: string, actors: readonly string[]): string | undefined => {
  if (actors.some((actor) => isCalled(actor, wanted))) return undefined;
  const said = `no actor is called ${JSON.stringify(wanted)}`;
  const meant = meantBy(wanted, actors);
  if (meant !== undefined) return `${said}; perhaps ${meant}`;
  const names = listed(actors);
  const more = names.length > maxListed ? ` and ${names.length - maxListed} more` : "";
  return `${said}: there are ${names.slice(0, maxListed).join(", ")}${more}`;
};
