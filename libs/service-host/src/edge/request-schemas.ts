import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ModulesContainer } from '@nestjs/core';
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { getMetadataStorage } from 'class-validator';

type Fields = Record<string, unknown>;
type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** Where `@nestjs/swagger` keeps what is said of a field. */
const SAID = 'swagger/apiModelProperties';

/** What a rule of class-validator says in JSON Schema; of the items where it is meant for each. */
const SAYS: Readonly<Record<string, (...constraints: readonly unknown[]) => Fields>> = {
  isString: () => ({ type: 'string' }),
  isInt: () => ({ type: 'integer' }),
  isNumber: () => ({ type: 'number' }),
  isBoolean: () => ({ type: 'boolean' }),
  isUuid: () => ({ type: 'string', format: 'uuid' }),
  isInstant: () => ({ type: 'string', format: 'date-time' }),
  isIso8601: () => ({ type: 'string' }),
  min: (minimum) => ({ minimum }),
  max: (maximum) => ({ maximum }),
  notEquals: (value) => ({ not: { const: value } }),
  isIn: (values) => ({ enum: values }),
  matches: (pattern) => ({ type: 'string', pattern: pattern instanceof RegExp ? pattern.source : pattern }),
  minLength: (minLength) => ({ type: 'string', minLength }),
  maxLength: (maxLength) => ({ type: 'string', maxLength }),
  isLength: (minLength, maxLength) => ({ type: 'string', minLength, maxLength }),
  arrayMinSize: (minItems) => ({ minItems }),
  arrayMaxSize: (maxItems) => ({ maxItems }),
  arrayNotEmpty: () => ({ minItems: 1 }),
};

/** Says in the documentation what the validation holds the fields of a body, a query or a path to: said once, by its rules. */
export function documentRequests(app: NestFastifyApplication): void {
  for (const dto of requestClasses(app)) documentClass(dto);
}

function requestClasses(app: NestFastifyApplication): ReadonlySet<new () => object> {
  const classes = new Set<new () => object>();
  for (const { controllers } of app.get(ModulesContainer).values())
    for (const { metatype } of controllers.values()) {
      const prototype = (metatype?.prototype ?? {}) as object;
      for (const name of Object.getOwnPropertyNames(prototype))
        for (const type of (Reflect.getMetadata('design:paramtypes', prototype, name) ?? []) as unknown[])
          if (typeof type === 'function') classes.add(type as new () => object);
    }
  return classes;
}

function documentClass(dto: new () => object): void {
  const prototype = dto.prototype as object;
  const byField = new Map<string, Rule[]>();
  for (const rule of getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false))
    byField.set(rule.propertyName, [...(byField.get(rule.propertyName) ?? []), rule]);
  for (const [field, rules] of byField) {
    const said = Reflect.getMetadata(SAID, prototype, field) as Fields | undefined;
    ApiProperty(optionsOf(rules, said))(prototype, field);
  }
}

function optionsOf(rules: readonly Rule[], said: Fields | undefined): ApiPropertyOptions {
  const whole: Fields = {};
  const items: Fields = {};
  for (const { name = '', constraints, each } of rules) {
    const says = SAYS[name]?.(...((constraints as unknown[] | undefined) ?? []));
    Object.assign(each === true ? items : whole, says);
  }
  const isList = rules.some(({ name }) => name === 'isArray');
  // A field without rules may be anything, also absent.
  const isOptional =
    rules.some(({ type }) => type === 'conditionalValidation') ||
    rules.every(({ type }) => type === 'whitelistValidation');
  const { type: _, ...unsaid } = said ?? {};
  // A type that was only found by reflection says less than the rules.
  const type = isList
    ? { type: 'array', items: { ...items, ...(said?.['items'] as Fields | undefined) } }
    : 'type' in whole || said === undefined
      ? {}
      : { type: said['type'] };
  return { required: !isOptional, ...whole, ...unsaid, ...type } as ApiPropertyOptions;
}
