import { Controller, Get, Header, HttpCode, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../edge/decorators.ts';
import type { HealthReport } from './health.ts';
import type { RunState } from './run-state.ts';

export const RUN_STATE = Symbol('RUN_STATE');
export const VERSION = Symbol('VERSION');

export interface VersionInfo {
  readonly name: string;
  readonly version: string;
  readonly node: string;
  readonly services: readonly string[];
  readonly bus: string;
  readonly partitions: number;
}

const answer = (reply: FastifyReply, report: HealthReport): HealthReport => {
  void reply.status(report.status === 'ok' ? 200 : 503);
  return report;
};

/** What operators ask every process. */
@ApiExcludeController()
@Public()
@Controller()
export class OperationsController {
  constructor(
    @Inject(RUN_STATE) private readonly state: RunState,
    @Inject(VERSION) private readonly about: VersionInfo,
  ) {}

  @Get('healthz')
  async healthz(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    return answer(reply, await this.state.liveness());
  }

  @Get('readyz')
  async readyz(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthReport> {
    return answer(reply, await this.state.readiness());
  }

  @Get('metrics')
  @HttpCode(200)
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  render(): Promise<string> {
    return this.state.metrics();
  }

  @Get('version')
  version(): VersionInfo {
    return this.about;
  }
}
