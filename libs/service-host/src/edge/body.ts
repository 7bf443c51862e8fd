import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { errorText } from '@jifen/kernel';
import { ProblemError } from '../problem-error.ts';
import type { HostRequest } from './request.ts';

export const BODY_LIMIT = 5_000_000;
const JSON_TYPES = ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json'];
const YAML_TYPE = 'application/yaml';
const ANY_OTHER_TYPE = '*';

const wantsBytesOnly = (request: HostRequest): boolean =>
  (request.routeOptions.config as { readonly unparsedBody?: boolean }).unparsedBody === true;

const readsYaml = (request: HostRequest): boolean =>
  (request.routeOptions.config as { readonly yamlBody?: boolean }).yamlBody === true;

/** Keys that could reach a prototype; a command has no field of these names. */
const refusePrototype = (key: string, value: unknown): unknown => {
  if (key === '__proto__') throw new SyntaxError('the key __proto__ is not allowed');
  return value;
};

/** Mostly no name can be `__proto__`, plain or escaped, and asking of each takes many times as long as parsing. */
const isSuspicious = (text: string): boolean => text.includes('__proto__') || text.includes('\\u');

/** Far more than any body has, and far less than what exhausts the stack of those who walk through it. */
const MAX_NESTING = 500;
const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

function isTooDeep(body: Buffer): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] ?? 0;
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth += 1;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= 1;
    if (depth > MAX_NESTING) return true;
  }
  return false;
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  if (isTooDeep(body))
    throw new ProblemError({ code: 'malformed_json', detail: `nested deeper than ${MAX_NESTING} levels` });
  try {
    const text = body.toString('utf8');
    return (isSuspicious(text) ? JSON.parse(text, refusePrototype) : JSON.parse(text)) as unknown;
  } catch (error) {
    const detail = errorText(error);
    throw new ProblemError({ code: 'malformed_json', detail });
  }
}

/** Bytes that have to be unpacked first would be taken for a record that cannot be read. */
const isPacked = ({ headers }: HostRequest): boolean =>
  (headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity';

/** JSON, and YAML for the routes that read it: its bytes always, its value unless the route wants to parse for itself. */
export function useJsonBodies(app: NestFastifyApplication): void {
  for (const type of JSON_TYPES) {
    app.useBodyParser(type, { bodyLimit: BODY_LIMIT }, (request, body, done) => {
      const target = request as HostRequest;
      if (isPacked(target)) return done(new UnsupportedMediaTypeException('send the body without content-encoding'));
      target.rawBody = body as Buffer;
      try {
        done(null, wantsBytesOnly(target) ? undefined : parse(target.rawBody));
      } catch (error) {
        done(error as Error);
      }
    });
  }
  app.useBodyParser(YAML_TYPE, { bodyLimit: BODY_LIMIT }, (request, body, done) => {
    const target = request as HostRequest;
    if (isPacked(target)) return done(new UnsupportedMediaTypeException('send the body without content-encoding'));
    if (!readsYaml(target)) return done(new UnsupportedMediaTypeException('send application/json'));
    target.rawBody = body as Buffer;
    done(null, undefined);
  });
  app.useBodyParser(ANY_OTHER_TYPE, { bodyLimit: BODY_LIMIT }, (_request, _body, done) => {
    done(new UnsupportedMediaTypeException('send application/json'));
  });
}
