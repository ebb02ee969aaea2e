import type { Emulator } from "../../../emulator";
import { asAdministratorOf, transferManually, type Company } from "../../support/environments";
import { holderOf } from "../cockpit/environments";
import type { ManualAction } from "../generators/manual-actions";
import { nth } from "../generators/picking";
import { isOfType, liveGroups, type LiveGroup, type StoredProperty } from "../cockpit/live-groups";

/** Changes that somebody makes in Cockpit itself, and a record of what must be kept of them. */
export class ManualChanges {
  /** Groups that were created manually, with the revision that they must keep. */
  readonly created = new Map<string, string>();
  /** Properties that no program declares: group → key → value. */
  readonly foreign = new Map<string, Map<string, string>>();

  constructor(readonly emulator: Emulator) {}

  async act(action: ManualAction): Promise<void> {
    if (action.hand === "make solution") {
      return this.#create("application", action, this.emulator.environmentId);
    }
    if (action.hand === "make database") {
      const solutions = this.#live().filter((group) => isOfType(group, "Solution"));
      const solution = nth(solutions, action.at);
      return solution && this.#create("database", action, solution.id);
    }
    const group = nth(this.#live(), action.at);
    return group && this.#change(group, action);
  }

  async delete(id: string): Promise<void> {
    await this.ask("DELETE", `group/${id}`, undefined, this.#holderOf(id));
    this.#forgetGone();
  }

  /** Moves the solution, or that of the database. */
  async transfer(group: LiveGroup, to: Company): Promise<void> {
    const solution = isOfType(group, "Solution") ? group.id : (group.superGroup ?? "");
    const from = this.#holderOf(solution);
    if (from !== to) {
      await transferManually(this, solution, from, to);
      this.#recordCreated();
    }
  }

  /** It went, or a run that had every right to has changed it. */
  forget(id: string): void {
    this.created.delete(id);
    this.foreign.delete(id);
  }

  async #change(
    group: LiveGroup,
    action: Exclude<ManualAction, { hand: "make solution" | "make database" }>,
  ): Promise<void> {
    const { id, properties = [] } = group;
    switch (action.hand) {
      case "rename":
        await this.ask(
          "PUT",
          `group/${id}/name/${encodeURIComponent(action.name)}`,
          undefined,
          this.#holderOf(id),
        );
        break;
      case "set property":
        await this.#setProperties(id, withText(properties, action.key, action.value));
        break;
      case "set foreign property": {
        await this.#setProperties(id, withText(properties, action.key, action.value));
        const known = this.foreign.get(id) ?? new Map<string, string>();
        this.foreign.set(id, known.set(action.key, action.value));
        break;
      }
      case "drop properties":
        await this.#setProperties(
          id,
          properties.filter(({ type }) => isKept(type?.identifier)),
        );
        this.foreign.delete(id);
        break;
      case "transfer":
        return this.transfer(group, action.to);
      case "delete":
        return this.delete(id);
      case "delete for good":
        return this.#deleteForGood(id);
    }
    this.#recordCreated();
  }

  async #create(
    kind: "application" | "database",
    { id, name }: { id: string; name: string },
    superGroup: string,
  ): Promise<void> {
    if (this.emulator.groups().some((group) => group.id === id)) {
      return;
    }
    const company = holderOf(this.emulator, { superGroup });
    await this.ask(
      "POST",
      `group/${id}/${kind}?${new URLSearchParams({ name, superGroup }).toString()}`,
      undefined,
      company,
    );
    this.created.set(id, "");
    this.#recordCreated();
  }

  /** Cockpit refuses that where something is below. */
  async #deleteForGood(id: string): Promise<void> {
    if (this.#live().every(({ superGroup }) => superGroup !== id)) {
      await this.ask("DELETE", `group/hard/${id}`, undefined, this.#holderOf(id));
      this.#forgetGone();
    }
  }

  #forgetGone(): void {
    const live = new Set(this.#live().map((group) => group.id));
    for (const gone of [...this.created.keys(), ...this.foreign.keys()].filter((id) => !live.has(id))) {
      this.forget(gone);
    }
  }

  #setProperties(id: string, properties: readonly StoredProperty[]): Promise<void> {
    return this.ask("PUT", `group/${id}/properties`, { properties }, this.#holderOf(id));
  }

  /** What hands did to what hands made is as it should be. */
  #recordCreated(): void {
    for (const { id, rev } of this.#live()) {
      if (this.created.has(id)) {
        this.created.set(id, rev ?? "");
      }
    }
  }

  #live(): LiveGroup[] {
    return liveGroups(this.emulator);
  }

  #holderOf(id: string): Company {
    return holderOf(this.emulator, this.#live().find((group) => group.id === id) ?? {});
  }

  /** As an administrator of that environment. */
  async ask(method: string, path: string, body?: unknown, company: Company = "source"): Promise<void> {
    await asAdministratorOf(this, company, method, path, { body });
  }
}

/** Nobody clears away manually what Cockpit and the provider keep for themselves. */
function isKept(key: string | undefined): boolean {
  return key !== undefined && (key.startsWith("com.icure.") || key.startsWith("pulumi-cockpit."));
}

function withText(
  properties: readonly StoredProperty[],
  identifier: string,
  stringValue: string,
): StoredProperty[] {
  return [
    ...properties.filter(({ type }) => type?.identifier !== identifier),
    { type: { identifier, type: "STRING" }, typedValue: { type: "STRING", stringValue } },
  ];
}
