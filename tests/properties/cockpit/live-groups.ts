import type { Emulator, Group } from "../../../emulator";

export type LiveGroup = Partial<Group> & { id: string; name: string };
export type StoredProperty = NonNullable<Group["properties"]>[number];

/** Every solution and database that is not deleted. */
export function liveGroups(emulator: Emulator): LiveGroup[] {
  return emulator
    .groups()
    .filter(({ superGroup, deletionDate }) => deletionDate === undefined && superGroup !== undefined)
    .map((group) => ({ ...group, id: group.id ?? "", name: group.name ?? "" }));
}

const codes = { Solution: "app", Database: "database" };

export function isOfType({ tags }: LiveGroup, type: keyof typeof codes): boolean {
  return tags?.some(({ code }) => code === codes[type]) === true;
}
