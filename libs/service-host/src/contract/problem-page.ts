import { PROBLEM_HELP, PROBLEMS, type ProblemCode } from '@jifen/contracts';
import { escape, page, prose } from './html.ts';

export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(PROBLEMS, code);

const codes = Object.keys(PROBLEMS).filter(isProblemCode);

/** What one code means, in both languages. */
export function problemPage(code: ProblemCode): string {
  const { status, title } = PROBLEMS[code];
  const { en, zh } = PROBLEM_HELP[code];
  return page(
    code,
    `<h1><code>${code}</code></h1><p><strong>${status}</strong> ${escape(title)}</p>
<p>${prose(en)}</p><p lang="zh-CN">${prose(zh)}</p><p><a href="../problems">all problems</a></p>`,
  );
}

/** The closed list. */
export const problemsPage = (): string =>
  page(
    'Jifen problems',
    `<h1>Problems</h1><p>Every refusal is <code>application/problem+json</code> (RFC 9457) with one of these codes.</p>
<table><tr><th>Code</th><th>Status</th><th>Means · 含义</th></tr>
${codes
  .map(
    (code) => `<tr><td><a href="problems/${code}"><code>${code}</code></a></td><td>${PROBLEMS[code].status}</td>
<td>${prose(PROBLEM_HELP[code].en)}<br><span lang="zh-CN">${prose(PROBLEM_HELP[code].zh)}</span></td></tr>`,
  )
  .join('\n')}</table>`,
  );
