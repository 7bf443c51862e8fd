import { ID_PATTERN, instantFromMillis } from '@jifen/kernel';
import { answered, PrincipalOf, ProblemError, RequireScope, type Principal } from '@jifen/service-host';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, IsInt, IsNumber, IsOptional, IsUUID, Matches, Max, Min } from 'class-validator';
import { askForSimulation, type AskParts } from '../application/simulation/ask.ts';
import type { Job } from '../application/simulation/job.ts';
import type { Queryable } from './queryable.ts';
import { DOCUMENT_NAME, documentNameOf } from './requests.ts';

const MAX_DAYS = 3_660;
const MAX_LISTED = 50;
const NAMES = { message: 'must be draft, in-force or the number of a version' };

export const SIMULATION_DESK = Symbol('SIMULATION_DESK');

export interface SimulationDesk extends AskParts<Queryable> {
  /** Tells the runner of this process that something waits. */
  readonly nudge: () => void;
}

export class SimulationBody {
  /** What is tried: `draft`, `in-force` or a version; or `document`. */
  @IsOptional()
  @Matches(DOCUMENT_NAME, NAMES)
  readonly candidate: string = 'draft';

  @Allow()
  readonly document?: unknown;

  /** What it is compared with. */
  @IsOptional()
  @Matches(DOCUMENT_NAME, NAMES)
  readonly baseline: string = 'in-force';

  /** History of so many days; all of it when absent. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_DAYS)
  readonly days?: number;

  /** Percent of the members, always the same ones. */
  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0.01)
  @Max(100)
  readonly percent: number = 100;

  /** Only this one; the percent is not asked then. */
  @IsOptional()
  @Matches(new RegExp(ID_PATTERN))
  readonly member?: string;
}

export class SimulationParams {
  @IsUUID()
  readonly id!: string;
}

@ApiTags('program')
@Controller('v1/program/simulations')
export class SimulationController {
  constructor(@Inject(SIMULATION_DESK) private readonly desk: SimulationDesk) {}

  @Post()
  @HttpCode(202)
  @RequireScope('program:read', 'rating:read')
  @ApiOperation({
    summary:
      'Rates the history of all members, of a sample or of one, under a program and under the one in force, in the background; writes no rating',
  })
  async ask(
    @PrincipalOf() { program, keyId: by, keyName: byName }: Principal,
    @Body() { candidate, baseline, document, days, percent, member }: SimulationBody,
  ): Promise<Pick<Job, 'id' | 'state'>> {
    const names = { candidate: documentNameOf(candidate), baseline: documentNameOf(baseline) };
    const asked = answered(
      await askForSimulation(this.desk, { program, by, byName, ...names, document, days, percent, member }),
    );
    this.desk.nudge();
    return asked;
  }

  @Get()
  @RequireScope('program:read', 'rating:read')
  @ApiOperation({ summary: 'The latest simulations, newest first, without their reports' })
  async list(@PrincipalOf() { program }: Principal): Promise<{ readonly data: readonly Omit<Job, 'report'>[] }> {
    const jobs = await this.desk.jobs.list(this.desk.sql, program, MAX_LISTED);
    return { data: jobs.map(({ report: _, ...job }) => job) };
  }

  @Get(':id')
  @RequireScope('program:read', 'rating:read')
  @ApiOperation({ summary: 'State and progress of a simulation, and its report when it is done' })
  async one(@PrincipalOf() { program }: Principal, @Param() { id }: SimulationParams): Promise<Job> {
    const job = await this.desk.jobs.find(this.desk.sql, program, id);
    if (job === undefined) throw new ProblemError({ code: 'not_found', detail: 'there is no such simulation' });
    return job;
  }

  @Delete(':id')
  @HttpCode(200)
  @RequireScope('program:read', 'rating:read')
  @ApiOperation({ summary: 'Cancels a simulation; one that has ended stays as it is' })
  async cancel(@PrincipalOf() principal: Principal, @Param() params: SimulationParams): Promise<Job> {
    const { jobs, sql, clock } = this.desk;
    await jobs.cancel(sql, principal.program, params.id, instantFromMillis(clock()));
    return this.one(principal, params);
  }
}
