import { strToU8, zipSync } from "fflate";
import type { Rgb } from "../part/part.ts";
import { toSrgb, type PlainMesh } from "./plain-mesh.ts";

const CONTENT_TYPES = `<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/></Types>`;

const RELATIONSHIPS = `<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Target="/3D/3dmodel.model" Id="rel0" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>`;

/** The earliest time a zip archive can say: the same meshes give the same bytes. */
const ZIP_TIME = new Date(1980, 0, 1);

/** 3MF (core specification 1.3, unit millimeter): one named, coloured object per mesh. */
export function write3mf(title: string, meshes: readonly PlainMesh[]): Uint8Array {
  const files = { "[Content_Types].xml": strToU8(CONTENT_TYPES), "_rels/.rels": strToU8(RELATIONSHIPS), "3D/3dmodel.model": strToU8(model(title, meshes)) };
  return zipSync(files, { mtime: ZIP_TIME, level: 6 });
}

function model(title: string, meshes: readonly PlainMesh[]): string {
  const bases = meshes.map((m) => `<base name="${escapeXml(m.name)}" displaycolor="${hex(m.color)}"/>`).join("");
  const objects = meshes.map((m, i) => `<object id="${i + 2}" type="model" name="${escapeXml(m.name)}" pid="1" pindex="${i}"><mesh>${vertices(m)}${triangles(m)}</mesh></object>`).join("\n");
  return `<?xml version="1.0" encoding="UTF-8"?>
<model unit="millimeter" xml:lang="en-US" xmlns="http://schemas.microsoft.com/3dmanufacturing/core/2015/02"><metadata name="Title">${escapeXml(title)}</metadata><metadata name="Application">oversize</metadata><resources><basematerials id="1">${bases}</basematerials>
${objects}</resources><build>${meshes.map((_, i) => `<item objectid="${i + 2}"/>`).join("")}</build></model>`;
}

function vertices({ positions: p }: PlainMesh): string {
  const parts: string[] = [];
  for (let i = 0; i < p.length; i += 3) parts.push(`<vertex x="${decimal(p[i])}" y="${decimal(p[i + 1])}" z="${decimal(p[i + 2])}"/>`);
  return `<vertices>${parts.join("")}</vertices>`;
}

function triangles({ indices: t }: PlainMesh): string {
  const parts: string[] = [];
  for (let i = 0; i < t.length; i += 3) parts.push(`<triangle v1="${t[i]}" v2="${t[i + 1]}" v3="${t[i + 2]}"/>`);
  return `<triangles>${parts.join("")}</triangles>`;
}

/** Shortest form with nanometre resolution; the format's number type allows an exponent. */
const decimal = (n: number): string => String(Math.round(n * 1e6) / 1e6 + 0);

const hex = (color: Rgb): string => `#${color.map((c) => Math.round(toSrgb(c) * 255).toString(16).padStart(2, "0").toUpperCase()).join("")}`;

const escapeXml = (text: string): string => text.replace(/[<>&"']/g, (c) => `&#${c.charCodeAt(0)};`).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "");
