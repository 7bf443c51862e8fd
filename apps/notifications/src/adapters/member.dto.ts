import { ID_PATTERN } from '@jifen/kernel';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { DEFAULT_PAGE, MAX_PAGE } from './webhook.dto.ts';

export class MemberParams {
  @ApiProperty({ example: 'm-1' })
  @Matches(new RegExp(ID_PATTERN, 'u'))
  readonly member!: string;
}

export class InboxQuery {
  @ApiPropertyOptional({ description: '`next` of the page before' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly cursor?: number;

  @ApiPropertyOptional({ maximum: MAX_PAGE, default: DEFAULT_PAGE })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE)
  readonly limit?: number;
}

export class ReadInbox {
  @ApiProperty({ description: 'id of the newest message that was seen', example: 17 })
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly upTo!: number;
}
