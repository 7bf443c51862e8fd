import { PrincipalOf, RequireScope, type Principal } from '@jifen/service-host';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { liabilityCsv, readLiability, type Liability, type LiabilityReads } from '../application/read-liability.ts';
import type { PolicyReads } from '../application/worth.ts';

export const LIABILITY_READS = Symbol('LIABILITY_READS');

export interface LiabilityDoor {
  readonly reads: LiabilityReads & PolicyReads;
  readonly clock: () => number;
}

@ApiTags('liability')
@Controller('v1')
export class LiabilityController {
  constructor(@Inject(LIABILITY_READS) private readonly door: LiabilityDoor) {}

  @Get('liability')
  @RequireScope('liability:read')
  @ApiOperation({
    summary:
      'What the program owes its members: points, their value and the part expected to be redeemed, by age and expiry',
  })
  liability(@PrincipalOf() { program }: Principal): Promise<Liability> {
    return readLiability(this.door.reads, program, this.door.clock());
  }

  @Get('liability.csv')
  @RequireScope('liability:read')
  @Header('content-type', 'text/csv; charset=utf-8')
  @ApiProduces('text/csv')
  @ApiOperation({ summary: 'The same as CSV' })
  async csv(@PrincipalOf() { program }: Principal): Promise<string> {
    return liabilityCsv(await readLiability(this.door.reads, program, this.door.clock()));
  }
}
