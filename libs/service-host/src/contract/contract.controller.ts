import { asyncApi, CONTRACT_VERSION, SCHEMAS } from '@jifen/contracts';
import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../edge/decorators.ts';
import { ProblemError } from '../problem-error.ts';
import { VERSION, type VersionInfo } from '../run-state/operations.controller.ts';
import { eventsPage } from './events-page.ts';
import { isProblemCode, problemPage, problemsPage } from './problem-page.ts';

const HTML = 'text/html; charset=utf-8';
const schemas: Readonly<Record<string, unknown>> = SCHEMAS;

/** What those outside build on, from the running system itself. */
@ApiExcludeController()
@Public()
@Controller()
export class ContractController {
  constructor(@Inject(VERSION) private readonly about: VersionInfo) {}

  @Get('asyncapi.json')
  asyncApi(): Readonly<Record<string, unknown>> {
    return asyncApi(CONTRACT_VERSION, this.about.partitions);
  }

  @Get('events')
  @Header('content-type', HTML)
  events(): string {
    return eventsPage();
  }

  @Get('problems')
  @Header('content-type', HTML)
  problems(): string {
    return problemsPage();
  }

  @Get('problems/:code')
  @Header('content-type', HTML)
  problem(@Param('code') code: string): string {
    if (isProblemCode(code)) return problemPage(code);
    throw new ProblemError({ code: 'not_found', detail: 'there is no such problem code; /problems lists them' });
  }

  @Get('schemas/:name')
  schema(@Param('name') file: string): unknown {
    const name = file.replace(/\.json$/, '');
    if (Object.hasOwn(schemas, name)) return schemas[name];
    throw new ProblemError({ code: 'not_found', detail: 'there is no such schema; /asyncapi.json has them all' });
  }
}
