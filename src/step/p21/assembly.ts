import { fail, ok, type Result } from "../../result.ts";
import { decodeString } from "./decode-string.ts";
import type { Part21 } from "./part21.ts";
import type { Representation } from "./representations.ts";

/** How the products of a file are placed in each other. */
export interface Assembly {
  /** How often the shape of a representation is placed, at least 1. */
  instancesOf(representation: number): number;
  /** The product a representation belongs to, decoded; "" when unnamed or none. */
  productOf(representation: number): string;
  /** True when the representation defines the shape of a product, and not of a detail of one. */
  hasProduct(representation: number): boolean;
  /** True when nothing places the representation (or product definition): it stands in the file's own coordinates. */
  isRoot(representation: number): boolean;
  /** True when a representation is the shape of a product definition. */
  sameProduct(definition: number, representation: number): boolean;
  /** True when other products are placed in this one. */
  isAssembly(definition: number): boolean;
  /** Name of the first product that nothing places. */
  readonly rootName: string;
}

interface Link { parent: number; child: number; placed: number; mapped: number }

/**
 * Groups each product definition with its representations, and counts placements along NEXT_ASSEMBLY_USAGE_OCCURRENCE
 * and MAPPED_ITEM. A file may state one placement both ways; the larger count of the two is taken.
 * Fails with `STEP_REFERENCE` when a product contains itself.
 */
export function readAssembly(p: Part21, representations: ReadonlyMap<number, Representation>): Result<Assembly> {
  const groups = new Groups(p.count);
  const products = joinProducts(p, groups);
  joinRelated(p, groups, representations);
  const links = new Map<string, Link>();
  const link = (parent: number, child: number): Link => {
    const key = `${groups.find(parent)},${groups.find(child)}`;
    let known = links.get(key);
    if (!known) links.set(key, (known = { parent: groups.find(parent), child: groups.find(child), placed: 0, mapped: 0 }));
    return known;
  };
  for (const [instance, open] of p.each("NEXT_ASSEMBLY_USAGE_OCCURRENCE")) {
    const parent = p.ref(open, 3), child = p.ref(open, 4);
    if (parent < 0 || child < 0) continue;
    if (groups.find(parent) === groups.find(child)) return fail("STEP_REFERENCE", `${p.name(instance)} places a product in itself.`);
    link(parent, child).placed++;
  }
  for (const { parent, child } of mappings(p, representations)) {
    if (groups.find(parent) === groups.find(child)) return fail("STEP_REFERENCE", `${p.name(parent)} maps itself.`);
    link(parent, child).mapped++;
  }
  const counts = countPlacements([...links.values()]);
  if (!counts) return fail("STEP_REFERENCE", "The assembly contains itself.");
  const parents = new Set(Array.from(links.values(), ({ parent }) => parent));
  const isRoot = (instance: number): boolean => !counts.placed.has(groups.find(instance));
  let rootName = "";
  for (const [definition, name] of products) if (!rootName && isRoot(definition)) rootName = name;
  const names = new Map<number, string>();
  for (const [definition, name] of products) if (!names.get(groups.find(definition))) names.set(groups.find(definition), name);
  return ok({
    instancesOf: (representation) => counts.count.get(groups.find(representation)) ?? 1,
    productOf: (representation) => names.get(groups.find(representation)) ?? "",
    hasProduct: (representation) => names.has(groups.find(representation)),
    isRoot,
    sameProduct: (definition, representation) => groups.find(definition) === groups.find(representation),
    isAssembly: (definition) => parents.has(groups.find(definition)),
    rootName,
  });
}

/** Mapped items between shape representations. */
export function mappings(p: Part21, representations: ReadonlyMap<number, Representation>): { item: number; target: number; parent: number; child: number }[] {
  const mapped = p.find("MAPPED_ITEM"), map = p.find("REPRESENTATION_MAP");
  const found: { item: number; target: number; parent: number; child: number }[] = [];
  if (mapped < 0) return found;
  for (const { instance: parent, items } of representations.values()) {
    for (const item of items) {
      const open = p.part(item, mapped);
      if (open < 0) continue;
      // A complex instance keeps the inherited name in another record.
      const shift = p.size(open) - 2;
      const source = p.ref(open, shift);
      const mapOpen = source < 0 ? -1 : p.part(source, map);
      const child = mapOpen < 0 ? -1 : p.ref(mapOpen, 1);
      if (child >= 0 && representations.has(child)) found.push({ item, target: p.ref(open, shift + 1), parent, child });
    }
  }
  return found;
}

/** Joins product definitions with the representations that define their shape; returns the definitions with their product's name. */
function joinProducts(p: Part21, groups: Groups): Map<number, string> {
  const products = new Map<number, string>();
  for (const word of ["PRODUCT_DEFINITION", "PRODUCT_DEFINITION_WITH_ASSOCIATED_DOCUMENTS"]) {
    for (const [definition, open] of p.each(word)) products.set(definition, productName(p, p.ref(open, 2)));
  }
  const shape = p.find("PRODUCT_DEFINITION_SHAPE");
  for (const [, open] of p.each("SHAPE_DEFINITION_REPRESENTATION")) {
    const property = p.ref(open, 0), representation = p.ref(open, 1);
    const propertyOpen = property < 0 ? -1 : p.part(property, shape);
    const definition = propertyOpen < 0 ? -1 : p.ref(propertyOpen, 2);
    if (representation >= 0 && products.has(definition)) groups.join(definition, representation);
  }
  return products;
}

function productName(p: Part21, formation: number): string {
  if (formation < 0) return "";
  for (const word of ["PRODUCT_DEFINITION_FORMATION", "PRODUCT_DEFINITION_FORMATION_WITH_SPECIFIED_SOURCE"]) {
    const open = p.part(formation, p.find(word));
    const product = open < 0 ? -1 : p.ref(open, 2);
    const productOpen = product < 0 ? -1 : p.part(product, p.find("PRODUCT"));
    if (productOpen < 0) continue;
    return text(p, productOpen, 1) || text(p, productOpen, 0);
  }
  return "";
}

/** A decoded, trimmed string attribute; "" when there is none. */
export function text(p: Part21, open: number, i: number): string {
  const raw = p.stringBytes(open, i);
  return raw ? decodeString(raw).trim() : "";
}

/** Two representations related without a transformation are the same shape told twice. */
function joinRelated(p: Part21, groups: Groups, representations: ReadonlyMap<number, Representation>): void {
  for (const [, open] of p.each("SHAPE_REPRESENTATION_RELATIONSHIP")) {
    if (p.size(open) < 4) continue; // a part of a complex instance, which places
    const one = p.ref(open, 2), two = p.ref(open, 3);
    if (representations.has(one) && representations.has(two)) groups.join(one, two);
  }
}

/** Placement count of each group with parents; undefined when the links have a cycle. */
function countPlacements(links: readonly Link[]): { count: Map<number, number>; placed: Set<number> } | undefined {
  const waiting = new Map<number, number>();
  const children = new Map<number, Link[]>();
  const placed = new Set<number>();
  for (const link of links) {
    waiting.set(link.child, (waiting.get(link.child) ?? 0) + 1);
    if (!waiting.has(link.parent)) waiting.set(link.parent, 0);
    const known = children.get(link.parent);
    if (known) known.push(link);
    else children.set(link.parent, [link]);
    placed.add(link.child);
  }
  const count = new Map<number, number>();
  const ready = [...waiting].filter(([, n]) => n === 0).map(([group]) => group);
  for (const group of ready) count.set(group, 1);
  let done = 0;
  for (let group = ready.pop(); group !== undefined; group = ready.pop(), done++) {
    for (const { child, placed: direct, mapped } of children.get(group) ?? []) {
      count.set(child, Math.min((count.get(child) ?? 0) + (count.get(group) ?? 1) * Math.max(direct, mapped), 1e9));
      const left = (waiting.get(child) ?? 1) - 1;
      waiting.set(child, left);
      if (left === 0) ready.push(child);
    }
  }
  return done === waiting.size ? { count, placed } : undefined;
}

/** Disjoint sets over instances. */
class Groups {
  private readonly parent: Int32Array;
  constructor(size: number) {
    this.parent = Int32Array.from({ length: size }, (_, i) => i);
  }
  find(i: number): number {
    while (this.parent[i] !== i) i = this.parent[i] = this.parent[this.parent[i]];
    return i;
  }
  join(a: number, b: number): void {
    this.parent[this.find(a)] = this.find(b);
  }
}
