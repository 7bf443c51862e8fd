import { ID_PATTERN } from '@jifen/kernel';
import { ADJUSTMENT_REASONS, FREEZE_REASONS, type AdjustmentReason, type FreezeReason } from '@jifen/ledger';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  NotEquals,
  ValidateNested,
} from 'class-validator';

/** Points of one command; the lots of a member are bounded long before. */
const MAX_POINTS = 1_000_000_000_000;
const MAX_TTL_SECONDS = 31_622_400;
const MAX_LOTS = 1_000;
const BEYOND = ['debt'] as const;
const RESTS = ['release', 'keep'] as const;
const ID = new RegExp(ID_PATTERN, 'u');
const CURRENCY = /^[a-z][a-z0-9-]{0,31}$/;
const MONEY = /^(0|[1-9]\d{0,11})(\.\d{1,6})?$/;

const currency = { description: "The program's first redeemable currency when absent", example: 'points' };

export class IdParams {
  @Matches(ID)
  readonly id!: string;
}

export class OrderPart {
  @ApiProperty({
    description: 'What is to be paid, in major units of the money currency of the program',
    example: '129.90',
  })
  @Matches(MONEY, { message: 'must be an amount like 129.90' })
  readonly amount!: string;

  @ApiPropertyOptional({ description: 'ISO 4217; must be that of the program' })
  @IsOptional()
  @Matches(/^[A-Z]{3}$/)
  readonly currency?: string;
}

export class SpendBody {
  @ApiPropertyOptional(currency)
  @IsOptional()
  @Matches(CURRENCY)
  readonly currency?: string;

  @ApiPropertyOptional({
    minimum: 1,
    description: 'How many points; when absent, as many as the order may use and the member has',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_POINTS)
  readonly points?: number;

  @ApiPropertyOptional({ type: OrderPart, description: 'The order that the points pay a part of' })
  @IsOptional()
  @ValidateNested()
  @Type(() => OrderPart)
  readonly order?: OrderPart;

  @ApiPropertyOptional({ description: 'What it is for: an order or a reward', example: 'shop:A-1001' })
  @IsOptional()
  @Matches(ID)
  readonly reference?: string;
}

export class HoldBody extends SpendBody {
  @ApiPropertyOptional({ minimum: 1, description: "Time to live; the program's default when absent" })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_TTL_SECONDS)
  readonly ttlSeconds?: number;
}

export class PartBody {
  @ApiPropertyOptional({ minimum: 1, description: 'How many of the points; all that are left when absent' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_POINTS)
  readonly points?: number;
}

export class CaptureBody extends PartBody {
  @ApiPropertyOptional({ enum: RESTS, description: 'What becomes of the rest', default: 'release' })
  @IsOptional()
  @IsIn(RESTS)
  readonly rest?: 'release' | 'keep';
}

/** A command with nothing to say but, for the record, why. */
export class NoteBody {
  @ApiPropertyOptional({ maxLength: 512 })
  @IsOptional()
  @IsString()
  @Length(1, 512)
  readonly note?: string;
}

export class TransferBody {
  @ApiProperty({ description: 'Member who gives' })
  @Matches(ID)
  readonly from!: string;

  @ApiProperty({ description: 'Member who gets' })
  @Matches(ID)
  readonly to!: string;

  @ApiProperty({ minimum: 1 })
  @IsInt()
  @Min(1)
  @Max(MAX_POINTS)
  readonly points!: number;

  @ApiPropertyOptional({ description: 'The first currency that may be given when absent' })
  @IsOptional()
  @Matches(CURRENCY)
  readonly currency?: string;

  @ApiPropertyOptional({ maxLength: 512 })
  @IsOptional()
  @IsString()
  @Length(1, 512)
  readonly note?: string;
}

class ByHandBody {
  @ApiProperty({ description: 'Who decided it: a person or a system', example: 'li.wei@example.com' })
  @IsString()
  @Length(1, 128)
  readonly actor!: string;

  @ApiPropertyOptional({ maxLength: 512 })
  @IsOptional()
  @IsString()
  @Length(1, 512)
  readonly note?: string;
}

export class AdjustmentBody extends ByHandBody {
  @ApiProperty({ enum: ADJUSTMENT_REASONS })
  @IsIn(ADJUSTMENT_REASONS)
  readonly reason!: AdjustmentReason;

  @ApiProperty({ description: 'More than 0 gives, less takes', example: -50 })
  @IsInt()
  @NotEquals(0)
  @Min(-MAX_POINTS)
  @Max(MAX_POINTS)
  readonly points!: number;

  @ApiProperty({ example: 'points' })
  @Matches(CURRENCY)
  readonly currency!: string;

  @ApiPropertyOptional({ description: 'Of points given: when they can be used; now when absent' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly availableAt?: string;

  @ApiPropertyOptional({ description: 'Of points given: when they go; never when absent' })
  @IsOptional()
  @IsISO8601({ strict: true })
  readonly expiresAt?: string;

  @ApiPropertyOptional({
    enum: BEYOND,
    description: 'Of more points taken than there are: the rest becomes debt; refused when absent',
  })
  @IsOptional()
  @IsIn(BEYOND)
  readonly beyond?: 'debt';
}

export class FreezeBody extends ByHandBody {
  @ApiProperty({ enum: FREEZE_REASONS })
  @IsIn(FREEZE_REASONS)
  readonly reason!: FreezeReason;

  @ApiPropertyOptional({ description: 'Only this currency; every one that the member has when absent' })
  @IsOptional()
  @Matches(CURRENCY)
  readonly currency?: string;
}

export class ExtensionBody extends ByHandBody {
  @ApiProperty({ example: 'points' })
  @Matches(CURRENCY)
  readonly currency!: string;

  @ApiPropertyOptional({ type: [String], description: 'Lots as `/lots` names them; all open ones when absent' })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_LOTS)
  @Length(1, 520, { each: true })
  readonly lots?: readonly string[];

  @ApiProperty({ description: 'Later than the expiry that the lots have', example: '2027-06-30T16:00:00Z' })
  @IsISO8601({ strict: true })
  readonly expiresAt!: string;
}

export class ReinstatementBody extends ExtensionBody {
  @ApiPropertyOptional({ minimum: 1, description: 'How many of the expired points; all when absent' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_POINTS)
  readonly points?: number;
}

export class MergeBody extends ByHandBody {
  @ApiProperty({ description: 'Member who gets everything, now and later' })
  @Matches(ID)
  readonly into!: string;
}

export class UnmergeBody extends ByHandBody {
  @ApiProperty({ description: '`id` of the merge' })
  @Matches(ID)
  readonly merge!: string;
}

export class QuoteQuery {
  @ApiProperty({ description: 'Amount of the order in the money of the program', example: '129.90' })
  @Matches(MONEY, { message: 'must be an amount like 129.90' })
  readonly order!: string;

  @ApiPropertyOptional(currency)
  @IsOptional()
  @Matches(CURRENCY)
  readonly currency?: string;
}
