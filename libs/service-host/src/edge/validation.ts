import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { ProblemError } from '../problem-error.ts';

const MAX_ERRORS = 20;
/** Nesting of one body or query; the deepest that is meant is a program document. */
const MAX_DEPTH = 32;

interface Place {
  readonly pointer: string;
  readonly message: string;
}

const escape = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

const places = (error: ValidationError, base: string): Place[] => {
  const pointer = `${base}/${escape(error.property)}`;
  const own = Object.values(error.constraints ?? {}).map((message) => ({ pointer, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => places(child, pointer))];
};

const invalid = (errors: readonly Place[]): ProblemError =>
  new ProblemError({
    code: 'invalid_request',
    detail: 'some fields are not valid',
    errors: errors.slice(0, MAX_ERRORS),
  });

/** No database keeps a NUL, nor half a surrogate pair. */
const UNSTORABLE = /[\0\uD800-\uDFFF]/u;

const unstorable = (value: unknown, base = '', depth = 0): Place[] => {
  if (depth > MAX_DEPTH) return [{ pointer: base, message: `is nested deeper than ${MAX_DEPTH}` }];
  if (typeof value === 'string')
    return UNSTORABLE.test(value) ? [{ pointer: base, message: 'has a NUL or half a surrogate pair' }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => unstorable(each, `${base}/${escape(name)}`, depth + 1));
};

/** DTO fields that break their rules become JSON pointers; unknown fields are refused, not dropped. */
class EdgeValidationPipe extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      exceptionFactory: (errors) => invalid(errors.flatMap((error) => places(error, ''))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const checked: unknown = await super.transform(value, metadata);
    // Whole DTOs only: their fields are few by now, and every text in them may reach the database.
    const errors = this.toValidate(metadata) ? unstorable(checked) : [];
    if (errors.length > 0) throw invalid(errors);
    return checked;
  }
}

export const createValidationPipe = (): ValidationPipe => new EdgeValidationPipe();
