import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { RECORD_KINDS, type RecordKind } from '../application/submission.ts';

const MAX_LIMIT = 200;
const MAX_IDS = 1000;
const CURSOR = /^\d{1,15}$/;

export class PageDto {
  /** `next` of the page before. */
  @IsOptional()
  @Matches(CURSOR)
  cursor?: string;

  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_LIMIT)
  limit?: number;
}

export class RejectedDto extends PageDto {
  @IsOptional()
  @IsIn(RECORD_KINDS)
  kind?: RecordKind;

  @IsOptional()
  @MaxLength(64)
  code?: string;

  @IsOptional()
  @MaxLength(128)
  source?: string;

  @IsOptional()
  @IsIn(['open', 'redriven', 'all'])
  state?: 'open' | 'redriven' | 'all';
}

export class RedriveDto {
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_IDS)
  @Matches(/^[0-9a-f]{32}$/, { each: true })
  ids?: string[];

  /** Every record that is open, within the filters. */
  @IsOptional()
  @IsBoolean()
  all?: boolean;

  @IsOptional()
  @IsIn(RECORD_KINDS)
  kind?: RecordKind;

  @IsOptional()
  @MaxLength(64)
  code?: string;

  @IsOptional()
  @MaxLength(128)
  source?: string;

  /** `next` of the call before. */
  @IsOptional()
  @Matches(CURSOR)
  cursor?: string;

  /** Answer what would happen and write nothing. */
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;
}
