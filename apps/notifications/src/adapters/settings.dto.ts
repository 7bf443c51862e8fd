import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import {
  CHANNELS,
  CLOCK_TIME,
  DEFAULT_SETTINGS,
  LANGUAGES,
  TRIGGERS,
  type ChannelName,
  type Language,
  type LocalText,
  type MessageRule,
  type QuietHours,
  type RewardThreshold,
  type Settings,
  type Template,
  type Trigger,
} from '@jifen/notifications';

const MAX_TEMPLATE = 8_000;
const MAX_LINK = 2_048;
const MAX_NAME = 128;
const MAX_REWARDS = 20;
const MAX_REMINDERS = 10;
const MAX_DAYS = 366;
const MAX_DIGEST_MINUTES = 1_440;

export class QuietHoursDto implements QuietHours {
  @ApiProperty({ example: '22:00', description: '`HH:mm` on the wall clock of the program' })
  @Matches(CLOCK_TIME)
  readonly from!: string;

  @ApiProperty({ example: '08:00' })
  @Matches(CLOCK_TIME)
  readonly to!: string;
}

export class TemplateDto implements Template {
  @ApiProperty({ example: '{{ points }} {{ currency }} credited!', maxLength: MAX_TEMPLATE })
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_TEMPLATE)
  readonly title!: string;

  @ApiProperty({ maxLength: MAX_TEMPLATE })
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_TEMPLATE)
  readonly body!: string;

  @ApiPropertyOptional({ example: 'myapp://points', maxLength: MAX_LINK })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_LINK)
  readonly link?: string;
}

export class TemplatesDto {
  @ApiPropertyOptional({ type: TemplateDto })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => TemplateDto)
  readonly en?: TemplateDto;

  @ApiPropertyOptional({ type: TemplateDto })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => TemplateDto)
  readonly zh?: TemplateDto;
}

export class MessageRuleDto implements MessageRule {
  @ApiProperty({ enum: TRIGGERS })
  @IsIn(TRIGGERS)
  readonly trigger!: Trigger;

  @ApiProperty({ enum: CHANNELS, isArray: true })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(CHANNELS, { each: true })
  readonly channels!: ChannelName[];

  @ApiPropertyOptional({ description: 'wait so long for more of the same and send one message', default: 0 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_DIGEST_MINUTES)
  readonly digestMinutes?: number;

  @ApiPropertyOptional({ description: 'also in quiet hours and beyond the daily cap', default: false })
  @IsOptional()
  @IsBoolean()
  readonly urgent?: boolean;

  @ApiPropertyOptional({ description: 'fewer points, in the smallest unit, are not worth a message' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly minimumPoints?: number;

  @ApiPropertyOptional({ type: TemplatesDto, description: 'Liquid, instead of the built-in texts' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => TemplatesDto)
  readonly templates?: TemplatesDto;
}

export class LocalTextDto implements LocalText {
  @ApiProperty({ example: 'a coffee' })
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_NAME)
  readonly en!: string;

  @ApiProperty({ example: '咖啡一杯' })
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_NAME)
  readonly zh!: string;
}

export class RewardDto implements RewardThreshold {
  @ApiProperty({ example: 'points' })
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  readonly currency!: string;

  @ApiProperty({ example: 500, description: 'in the smallest unit' })
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly points!: number;

  @ApiProperty({ type: LocalTextDto })
  @IsObject()
  @ValidateNested()
  @Type(() => LocalTextDto)
  readonly name!: LocalTextDto;
}

/** The whole of the settings: what is left out is as it is at the beginning. */
export class SettingsDto implements Partial<Settings> {
  @ApiPropertyOptional({ default: true })
  @IsOptional()
  @IsBoolean()
  readonly enabled?: boolean;

  @ApiPropertyOptional({ enum: LANGUAGES, default: DEFAULT_SETTINGS.language })
  @IsOptional()
  @IsIn(LANGUAGES)
  readonly language?: Language;

  @ApiPropertyOptional({ default: DEFAULT_SETTINGS.link, maxLength: MAX_LINK })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_LINK)
  readonly link?: string;

  @ApiProperty({ type: [MessageRuleDto] })
  @IsArray()
  @ArrayMaxSize(TRIGGERS.length)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => MessageRuleDto)
  readonly messages!: MessageRuleDto[];

  @ApiPropertyOptional({ type: QuietHoursDto })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => QuietHoursDto)
  readonly quietHours?: QuietHoursDto;

  @ApiPropertyOptional({ description: 'messages a member and day on each channel that rings; more are left out' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000)
  readonly dailyCap?: number;

  @ApiPropertyOptional({ type: [Number], default: DEFAULT_SETTINGS.reminderDays })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_REMINDERS)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(MAX_DAYS, { each: true })
  readonly reminderDays?: number[];

  @ApiPropertyOptional({ default: DEFAULT_SETTINGS.reminderTime })
  @IsOptional()
  @Matches(CLOCK_TIME)
  readonly reminderTime?: string;

  @ApiPropertyOptional({ type: [RewardDto] })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_REWARDS)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => RewardDto)
  readonly rewards?: RewardDto[];

  @ApiPropertyOptional({
    description: 'tell again of the dearest reward in reach after so many days; once when left out',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_DAYS)
  readonly rewardEveryDays?: number;
}

/** `null` is as good as left out. */
export function settingsOf(body: SettingsDto): Settings {
  const given = JSON.parse(JSON.stringify(body), (_, value: unknown) => value ?? undefined) as SettingsDto;
  return { ...DEFAULT_SETTINGS, enabled: true, ...given };
}
