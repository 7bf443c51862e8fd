import type { components, paths } from './api.ts';

export type Schemas = components['schemas'];
/** RFC 9457, with a code of a closed list; some codes have figures beside the fields, e.g. `available`. */
export type Problem = Schemas['HttpProblem'];

export type Method = 'get' | 'put' | 'post' | 'delete';

/** Paths of the API that have the method. */
export type PathOf<M extends Method> = {
  [Path in keyof paths]: paths[Path] extends { readonly [K in M]: object } ? Path : never;
}[keyof paths];

export type OperationOf<M extends Method, Path extends PathOf<M>> = paths[Path] extends {
  readonly [K in M]: infer Operation;
}
  ? Operation
  : never;

type PartOf<Operation, Part extends 'path' | 'query'> = Operation extends {
  readonly parameters: { readonly [K in Part]?: infer Value };
}
  ? NonNullable<Value>
  : never;

type BodyOf<Operation> = Operation extends {
  readonly requestBody: { readonly content: { readonly 'application/json': infer Body } };
}
  ? Body
  : never;

/** Absent where the API has nothing there, optional where all of it is, else required. */
type Field<Name extends string, Value> = [Value] extends [never]
  ? { readonly [K in Name]?: never }
  : Partial<Value> extends Value
    ? { readonly [K in Name]?: Value }
    : { readonly [K in Name]: Value };

export interface CallOptions {
  /** Names the command for ever: the same key and body give the first answer again. A new one when absent. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

export type RequestOf<Operation> = Field<'path', PartOf<Operation, 'path'>> &
  Field<'query', PartOf<Operation, 'query'>> &
  Field<'body', BodyOf<Operation>> &
  CallOptions;

/** Arguments of a call: none are needed where the API needs none. */
export type RequestArguments<Operation> =
  Partial<RequestOf<Operation>> extends RequestOf<Operation>
    ? [request?: RequestOf<Operation>]
    : [request: RequestOf<Operation>];

type Content<Response> = Response extends { readonly content: infer Types }
  ? Types extends { readonly 'application/json': infer Body }
    ? Body
    : string
  : never;

export type AnswerOf<Operation> = Operation extends { readonly responses: infer Responses }
  ? {
      [Status in keyof Responses]: Status extends 200 | 201 | 202 ? Content<Responses[Status]> : never;
    }[keyof Responses]
  : never;

/** What came of a call: the answer, or the refusal as a value. */
export type Result<Value> =
  | { readonly ok: true; readonly status: number; readonly value: Value; readonly replayed: boolean }
  | { readonly ok: false; readonly status: number; readonly problem: Problem };
