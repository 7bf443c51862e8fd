import { answered, PrincipalOf, RequireScope, type Principal } from '@jifen/service-host';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, IsBoolean, IsOptional, IsString, MaxLength } from 'class-validator';
import { simulate, type Simulation } from '../application/simulate.ts';
import { PROGRAM_DESK, type ProgramDesk } from './program.controller.ts';

export class SimulateBody {
  @Allow()
  readonly order?: unknown;

  @Allow()
  readonly activity?: unknown;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  readonly tier?: string;

  @Allow()
  readonly document?: unknown;

  @IsOptional()
  @IsBoolean()
  readonly draft?: boolean;
}

@ApiTags('program')
@Controller('v1/program')
export class SimulateController {
  constructor(@Inject(PROGRAM_DESK) private readonly desk: ProgramDesk) {}

  @Post('simulate')
  @HttpCode(200)
  @RequireScope('program:read')
  @ApiOperation({
    summary: 'What an order or activity would earn under a document, the draft or the version in force; writes nothing',
  })
  async simulate(@PrincipalOf() { program }: Principal, @Body() body: SimulateBody): Promise<Simulation> {
    return answered(await simulate(this.desk, { ...body, program }));
  }
}
