import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsEmail,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { CHANNELS, LANGUAGES, TRIGGERS, type ChannelName, type Language, type Trigger } from '@jifen/notifications';
import { QuietHoursDto } from './settings.dto.ts';

export class ReadInbox {
  @ApiProperty({ description: 'id of the newest message that was seen', example: 17 })
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly upTo!: number;
}

const MAX_EMAIL = 254;

export class ContactDto {
  @ApiPropertyOptional({ example: 'li@example.com', maxLength: MAX_EMAIL })
  @IsOptional()
  @IsEmail()
  @MaxLength(MAX_EMAIL)
  readonly email?: string;
}

export class PreferencesDto {
  @ApiPropertyOptional({ enum: LANGUAGES, description: 'the program’s when left out' })
  @IsOptional()
  @IsIn(LANGUAGES)
  readonly language?: Language;

  @ApiPropertyOptional({ enum: TRIGGERS, isArray: true })
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(TRIGGERS.length)
  @IsIn(TRIGGERS, { each: true })
  readonly mutedTriggers?: Trigger[];

  @ApiPropertyOptional({ enum: CHANNELS, isArray: true })
  @IsOptional()
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(CHANNELS.length)
  @IsIn(CHANNELS, { each: true })
  readonly mutedChannels?: ChannelName[];

  @ApiPropertyOptional({ type: QuietHoursDto, description: 'instead of the program’s' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => QuietHoursDto)
  readonly quietHours?: QuietHoursDto;
}
