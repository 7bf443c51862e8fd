import { accept, errorText, refuse } from '@jifen/kernel';
import { Liquid, type Template as Parsed } from 'liquidjs';
import type { Render } from '../application/compose.ts';

const MAX_TITLE = 256;
const MAX_BODY = 8_000;
const MAX_LINK = 2_048;
/** Characters of a template, and what rendering it may take: operators write templates, so they are not trusted to end. */
const LIMITS = { parseLimit: 20_000, renderLimit: 1_000, memoryLimit: 200_000 } as const;
const MAX_PARSED = 1_000;

/** Liquid without files, without anything but the view's own fields, and strict: a misspelt variable is an error. */
export function createRenderer(): Render {
  const engine = new Liquid({
    ...LIMITS,
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
  });
  const parsed = new Map<string, Parsed[]>();
  const parse = (text: string): Parsed[] => {
    const known = parsed.get(text);
    if (known !== undefined) return known;
    const fresh = engine.parse(text);
    if (parsed.size >= MAX_PARSED) parsed.clear();
    parsed.set(text, fresh);
    return fresh;
  };
  return (template, view) => {
    const fields = { ...view };
    const part = (name: 'title' | 'body' | 'link', limit: number): string => {
      const text = String(engine.renderSync(parse(template[name]), fields)).trim();
      if (text.length > limit) throw new Error(`${name} is longer than ${limit} characters`);
      return text;
    };
    try {
      const title = part('title', MAX_TITLE).replaceAll(/\s+/g, ' ');
      return accept({ title, body: part('body', MAX_BODY), link: part('link', MAX_LINK) });
    } catch (error) {
      return refuse(errorText(error));
    }
  };
}
