import { describe, expect, it } from "vitest";
import { decodeString } from "../../src/step/p21/decode-string.ts";
import { parseReal } from "../../src/step/p21/parse-real.ts";
import type { Part21 } from "../../src/step/p21/part21.ts";
import { scanP21 } from "../../src/step/p21/scan-p21.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const HEAD = "ISO-10303-21;HEADER;FILE_DESCRIPTION((''),'2;1');FILE_NAME('','',(''),(''),'','','');FILE_SCHEMA(('AUTOMOTIVE_DESIGN'));ENDSEC;DATA;";
const TAIL = "ENDSEC;END-ISO-10303-21;";
const file = (data: string): Uint8Array => bytes(HEAD + data + TAIL);
const scanned = (data: string): Part21 => {
  const result = scanP21(file(data));
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
};
const code = (text: string | Uint8Array): string => {
  const result = scanP21(typeof text === "string" ? file(text) : text);
  return result.ok ? "ok" : result.problem.code;
};

describe("reals", () => {
  it.each(["0.", "12", "-3.5", "+1.25E+2", "1.e-07", "6.28318530718", "123456789012345678901234567890.", "1.7976931348623157E308", "4.9E-324", ".5", "0.1E-22", "9007199254740993."])("%s as the engine reads it", (text) => {
    const read = parseReal(bytes(`${text},`), 0);
    expect(read.value).toBe(Number(text));
    expect(read.end).toBe(text.length);
  });

  it("reads the sign of zero and random doubles exactly", () => {
    expect(Object.is(parseReal(bytes("-0."), 0).value, -0)).toBe(true);
    let seed = 1;
    for (let i = 0; i < 5000; i++) {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      const value = (seed / 0x7fffffff - 0.5) * 10 ** ((seed % 40) - 20);
      expect(parseReal(bytes(String(value)), 0).value).toBe(value);
    }
  });

  it("marks an exponent without a point", () => {
    expect(parseReal(bytes("15E3"), 0).bareExponent).toBe(2);
    expect(parseReal(bytes("15.E3"), 0).bareExponent).toBe(0);
  });
});

describe("scan", () => {
  it("indexes simple and complex instances by order, whatever their ids", () => {
    const p = scanned("#900=A('x',#5,(1.,2));#5=(B(.T.)C($,*)D());#99999999999999999999=E(#900,#99999999999999999998);#99999999999999999998=F();");
    expect(p.count).toBe(4);
    expect([0, 1, 2, 3].map((i) => p.type(i))).toEqual(["A", "B+C+D", "E", "F"]);
    expect(p.ref(p.first[0] + 1, 1)).toBe(1);
    expect(p.ref(p.first[2] + 1, 0)).toBe(0);
    expect(p.ref(p.first[2] + 1, 1)).toBe(3);
    expect(p.id(2)).toBe("#99999999999999999999");
    const c = p.part(1, p.find("C"));
    expect(p.size(c)).toBe(2);
    expect(p.enumeration(p.part(1, p.find("B")), 0)).toBe("T");
    expect(p.part(1, p.find("NOWHERE"))).toBe(-1);
  });

  it("reads strings with doubled quotes, semicolons, comment signs and line breaks", () => {
    const p = scanned("#1=A('it''s /* no comment */ #2=B(); x','line\nbreak',\"0FA\");");
    expect(p.count).toBe(1);
    expect(decodeString(p.stringBytes(p.first[0] + 1, 0) ?? new Uint8Array())).toBe("it's /* no comment */ #2=B(); x");
    expect(decodeString(p.stringBytes(p.first[0] + 1, 1) ?? new Uint8Array())).toBe("linebreak");
  });

  it("passes comments anywhere, and tells those inside statements", () => {
    const p = scanned("/* #9=X(); */#1/* a */=/* b */A(/* c */1./**/,/* d */#2);/* e */#2=B();");
    expect(p.count).toBe(2);
    expect(p.notes.innerComments.length / 2).toBe(5);
  });

  it.each([
    ["an unclosed comment", "#1=A(/* );", "STEP_PARSE"],
    ["two values without a comma", "#1=A(1. 2.);", "STEP_PARSE"],
    ["a comma at the end", "#1=A(1.,);", "STEP_PARSE"],
    ["a missing parenthesis", "#1=A((1.);", "STEP_PARSE"],
    ["one parenthesis too many", "#1=A(1.));", "STEP_PARSE"],
    ["a word without parentheses", "#1=A(B);", "STEP_PARSE"],
    ["a record without a name", "#1=;", "STEP_PARSE"],
    ["an enumeration that is not closed", "#1=A(.T);", "STEP_PARSE"],
    ["not a number", "#1=A(NaN);", "STEP_NUMBER"],
    ["a Microsoft NaN", "#1=A(-1.#IND);", "STEP_NUMBER"],
    ["infinity", "#1=A(-inf);", "STEP_NUMBER"],
    ["an overflow", "#1=A(1.E999);", "STEP_NUMBER"],
    ["a number with a tail", "#1=A(1.2.3);", "STEP_NUMBER"],
    ["a Fortran exponent, which kernels cut", "#1=A(1.D5);", "STEP_NUMBER"],
    ["an id used twice", "#1=A();#1=B();", "STEP_REFERENCE"],
    ["the same id with leading zeros", "#1=A();#001=B();", "STEP_REFERENCE"],
    ["nothing", "", "NO_GEOMETRY"],
    ["101 parentheses", `#1=A(${"(".repeat(100)}${")".repeat(100)});`, "STEP_NESTING"],
    ["a million parentheses", `#1=A(${"(".repeat(1_000_000)}`, "STEP_NESTING"],
  ])("%s", (_, data, expected) => {
    expect(code(data)).toBe(expected);
  });

  it("tells a cut file from a whole one", () => {
    const whole = file("#1=A('x',(1.));#2=B();");
    expect(code(whole)).toBe("ok");
    for (let length = HEAD.length + 1; length < whole.length - TAIL.length + "ENDSEC;".length; length++) {
      expect(code(whole.subarray(0, length))).toMatch(/STEP_TRUNCATED|STEP_PARSE|NO_GEOMETRY/);
    }
  });

  it("accepts what is whole though its end marks are missing", () => {
    const withoutIso = scanP21(bytes(`${HEAD}#1=A();ENDSEC;`));
    expect(withoutIso.ok && withoutIso.value.notes.endIsoMissing).toBe(true);
    const withoutEndsec = scanP21(bytes(`${HEAD}#1=A();END-ISO-10303-21;`));
    expect(withoutEndsec.ok && withoutEndsec.value.notes.endsecMissing).toBe(true);
  });

  it("reads several DATA sections and leaves edition 3 sections out", () => {
    const result = scanP21(bytes(`${HEAD}#1=A(#2);ENDSEC;DATA('b',('X'));#2=B();ENDSEC;ANCHOR;<x>=#1;ENDSEC;END-ISO-10303-21;`));
    expect(result.ok && result.value.count).toBe(2);
    expect(result.ok && result.value.notes.dataSections).toBe(2);
  });

  it("names the line, for CR, LF and CRLF", () => {
    for (const end of ["\r", "\n", "\r\n"]) {
      const result = scanP21(bytes([HEAD, "#1=A();", "#2=A(1. 2.);", TAIL].join(end)));
      expect(!result.ok && result.problem.message).toContain("Line 3:");
    }
  });

  it("grows its arrays in the middle of a list", () => {
    const n = 50_000;
    const p = scanned(`#1=A((${Array.from({ length: n }, (_, i) => i).join(",")}),#2);#2=B();`);
    const list = p.arg(p.first[0] + 1, 0);
    expect(p.size(list)).toBe(n);
    expect(p.val[list + n]).toBe(n - 1);
    expect(p.ref(p.first[0] + 1, 1)).toBe(1);
  });
});

describe("strings", () => {
  it.each([
    ["\\X2\\9F7F8F6E\\X0\\ \\X\\E9 \\S\\i", "齿轮 é é"],
    ["\\X4\\0001F600\\X0\\", "😀"],
    ["C:\\\\dir", "C:\\dir"],
    ["it''s", "it's"],
    ["\\PE\\\\S\\0", "\u0410"],
    ["\\X2\\D83D\\X0\\", "\ufffd"],
    ["\\X2\\12", ""],
    ["\\X\\zz", "\ufffdzz"],
    ["\\Q\\", "\\Q\\"],
    ["a\u0007b", "a\ufffdb"],
  ])("%s", (raw, text) => {
    expect(decodeString(bytes(raw))).toBe(text);
  });

  it("takes valid UTF-8 as such and the rest as Latin-1, and never throws", () => {
    expect(decodeString(bytes("齿轮 ⚙ é"))).toBe("齿轮 ⚙ é");
    expect(decodeString(Uint8Array.of(0x53, 0xe9))).toBe("Sé");
    for (let i = 0; i < 2000; i++) {
      const raw = Uint8Array.from({ length: i % 40 }, (_, k) => (i * 131 + k * 71 * (i % 7)) & 255);
      expect(typeof decodeString(raw)).toBe("string");
    }
  });
});
