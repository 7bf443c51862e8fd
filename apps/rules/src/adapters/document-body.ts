import type { Violation } from '@jifen/contracts';
import { ProblemError, type HostRequest } from '@jifen/service-host';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { readDocumentText, yamlText, type TextPlace } from './document-text.ts';

const YAML = 'application/yaml';

/** What is wrong, and where in the text of a YAML document. */
export type LocatedViolation = Violation & Partial<TextPlace>;

/** A document as it was sent, in JSON or YAML; violations of a YAML one get their lines. */
export interface SentDocument {
  readonly value: unknown;
  readonly located: (violations: readonly Violation[]) => readonly LocatedViolation[];
}

/** Parameter of a `@YamlBody` route. */
export const DocumentOf = createParamDecorator((_: unknown, context: ExecutionContext): SentDocument => {
  const request = context.switchToHttp().getRequest<HostRequest>();
  const isYaml = request.headers['content-type']?.startsWith(YAML) === true;
  if (!isYaml) return { value: request.body, located: (violations) => violations };
  const read = readDocumentText(request.rawBody?.toString('utf8') ?? '');
  if (!read.ok) {
    const [first] = read.faults;
    const errors = read.faults.map(({ line, column, message }) => ({
      pointer: '',
      message: `line ${line}, column ${column}: ${message}`,
    }));
    throw new ProblemError({ code: 'invalid_program', detail: `the YAML cannot be read: ${first?.message}`, errors });
  }
  return {
    value: read.value,
    located: (violations) => violations.map((each) => ({ ...each, ...read.place(each.pointer) })),
  };
});

interface Reply {
  header(name: string, value: string): unknown;
}

/** The document as YAML when that is what the caller asks for; else the whole answer. */
export function answerDocument<T extends { readonly document: unknown }>(
  accept: string | undefined,
  reply: Reply,
  answer: T,
): T | string {
  if (accept?.includes(YAML) !== true) return answer;
  reply.header('content-type', `${YAML}; charset=utf-8`);
  return yamlText(answer.document);
}
