import { answered, PrincipalOf, RequireScope, type Principal } from '@jifen/service-host';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { simulate, type Simulation } from '../application/simulate.ts';
import { PROGRAM_DESK, type ProgramDesk } from './program.controller.ts';

/** Of a program. */
const MAX_RULES = 500;

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

  /** A published version. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly version?: number;

  /** Only these rules are tried. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_RULES)
  @IsString({ each: true })
  readonly rules?: string[];
}

@ApiTags('program')
@Controller('v1/program')
export class SimulateController {
  constructor(@Inject(PROGRAM_DESK) private readonly desk: ProgramDesk) {}

  @Post('simulate')
  @HttpCode(200)
  @RequireScope('program:read')
  @ApiOperation({
    summary:
      'What an order or activity would earn, at whatever instant it names, under a document, the draft, a version or the one in force, with all rules or some; what it costs and changes; writes nothing',
  })
  async simulate(@PrincipalOf() { program }: Principal, @Body() body: SimulateBody): Promise<Simulation> {
    return answered(await simulate(this.desk, { ...body, program }));
  }
}
