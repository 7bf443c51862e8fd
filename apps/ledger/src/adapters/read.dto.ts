import { AfterQuery } from '@jifen/service-host';
import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { LOT_STATES, type LotState } from '../application/lot-filter.ts';

export const DEFAULT_PAGE = 50;
const MAX_PAGE = 200;
const MAX_ID = 300;
const CURRENCY = /^[a-z][a-z0-9-]{0,31}$/;

/** An instant as text: what it means is the application's to say, with the place where it is wrong. */
const InstantText = (description: string, example?: string): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ description, ...(example === undefined ? {} : { example }) }),
    IsOptional(),
    IsString(),
    MaxLength(40),
  );

const PageLimit = (maximum: number): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ minimum: 1, maximum, default: DEFAULT_PAGE }),
    IsOptional(),
    Type(() => Number),
    IsInt(),
    Min(1),
    Max(maximum),
  );

const PageCursor = (description: string): PropertyDecorator =>
  applyDecorators(ApiPropertyOptional({ description }), IsOptional(), IsString(), MaxLength(4_000));

export class PageQuery extends AfterQuery {
  @PageLimit(MAX_PAGE)
  readonly limit?: number;

  @PageCursor('`next` of the page before')
  readonly cursor?: string;

  @ApiPropertyOptional({ description: 'Only this currency' })
  @IsOptional()
  @Matches(CURRENCY)
  readonly currency?: string;
}

const AS_OF = 'As it stood at this instant: back-dated postings count from when they took effect. Default: `knownAt`';
const KNOWN_AT = 'Only what was recorded until then: together with no `asOf`, what was shown then. Default: now';

export class BalanceParams extends AfterQuery {
  @InstantText(AS_OF, '2026-11-30T16:00:00Z')
  readonly asOf?: string;

  @InstantText(KNOWN_AT, '2026-11-30T16:00:00Z')
  readonly knownAt?: string;
}

export class StatementParams extends PageQuery {
  @InstantText('Recorded at this instant or later')
  readonly from?: string;

  @InstantText('Recorded before this instant')
  readonly to?: string;

  @ApiPropertyOptional({
    description: 'Only these types of posting, by comma',
    example: 'points.earned,points.expired',
  })
  @IsOptional()
  @Matches(/^[a-z-]+\.[a-z-]+(,[a-z-]+\.[a-z-]+){0,39}$/)
  readonly type?: string;

  @ApiPropertyOptional({ description: 'Only postings made for these reasons, by comma', example: 'earn,re-rating' })
  @IsOptional()
  @Matches(/^[a-z-]+(,[a-z-]+){0,39}$/)
  readonly reason?: string;

  @ApiPropertyOptional({ description: 'Only what this source caused', example: 'shop' })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_ID)
  readonly source?: string;

  @ApiPropertyOptional({
    description: 'Only what this order or activity caused, or what was held or spent for it',
    example: 'A-1001',
  })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_ID)
  readonly order?: string;
}

export class LotsParams extends PageQuery {
  @ApiPropertyOptional({
    enum: LOT_STATES,
    default: 'open',
    description: 'open: something is left; usable, pending, lapsed: of those, by the clock; empty: nothing left',
  })
  @IsOptional()
  @IsIn(LOT_STATES)
  readonly state?: LotState;

  @ApiPropertyOptional({ description: 'Only lots of this award' })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_ID)
  readonly award?: string;

  @InstantText('Only lots that lapse by this instant', '2026-11-30T16:00:00Z')
  readonly expiresBy?: string;

  @InstantText(AS_OF)
  readonly asOf?: string;

  @InstantText(KNOWN_AT)
  readonly knownAt?: string;
}

const MAX_BALANCES = 200;

export class BalancesParams {
  @InstantText(AS_OF)
  readonly asOf?: string;

  @InstantText(KNOWN_AT)
  readonly knownAt?: string;

  @PageLimit(MAX_BALANCES)
  readonly limit?: number;

  @PageCursor('`next` of the page before: it carries the moment of the first page')
  readonly cursor?: string;
}
