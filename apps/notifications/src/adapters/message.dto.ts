import { ID_PATTERN } from '@jifen/kernel';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { CHANNELS, LANGUAGES, TRIGGERS, type ChannelName, type Language, type Trigger } from '@jifen/notifications';
import { MESSAGE_STATES, type MessageState } from '../application/message-ports.ts';
import { PageQuery } from './page.dto.ts';
import { TemplateDto } from './settings.dto.ts';

const MEMBER = new RegExp(ID_PATTERN, 'u');
const MAX_MESSAGES = 100;

export class MessageQuery extends PageQuery {
  @ApiPropertyOptional({ example: 'm-1' })
  @IsOptional()
  @Matches(MEMBER)
  readonly member?: string;

  @ApiPropertyOptional({ enum: CHANNELS })
  @IsOptional()
  @IsIn(CHANNELS)
  readonly channel?: ChannelName;

  @ApiPropertyOptional({ enum: MESSAGE_STATES })
  @IsOptional()
  @IsIn(MESSAGE_STATES)
  readonly state?: MessageState;

  @ApiPropertyOptional({ enum: TRIGGERS })
  @IsOptional()
  @IsIn(TRIGGERS)
  readonly trigger?: Trigger;
}

export class ResendMessages {
  @ApiPropertyOptional({ description: 'ids of messages; the oldest dead ones when left out', type: [Number] })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_MESSAGES)
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(Number.MAX_SAFE_INTEGER, { each: true })
  readonly messages?: number[];
}

export class PreviewDto {
  @ApiProperty({ example: 'm-1' })
  @Matches(MEMBER)
  readonly member!: string;

  @ApiProperty({ enum: TRIGGERS })
  @IsIn(TRIGGERS)
  readonly trigger!: Trigger;

  @ApiPropertyOptional({ enum: LANGUAGES, description: 'the member’s when left out' })
  @IsOptional()
  @IsIn(LANGUAGES)
  readonly language?: Language;

  @ApiPropertyOptional({ type: TemplateDto, description: 'the one in force when left out' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => TemplateDto)
  readonly template?: TemplateDto;
}
