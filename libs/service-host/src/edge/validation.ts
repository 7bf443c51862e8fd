import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { ProblemError } from '../problem-error.ts';

const MAX_ERRORS = 20;

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

/** DTO fields that break their rules become JSON pointers; unknown fields are refused, not dropped. */
export const createValidationPipe = (): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    exceptionFactory: (errors) =>
      new ProblemError({
        code: 'invalid_request',
        detail: 'some fields are not valid',
        errors: errors.flatMap((error) => places(error, '')).slice(0, MAX_ERRORS),
      }),
  });
