import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  MinLength,
} from 'class-validator';
import { IsInstant } from '@jifen/service-host';
import { SIGNATURE_SCHEMES, type SignatureScheme } from '@jifen/notifications';
import { DELIVERY_STATES, type DeliveryState } from '../application/ports.ts';
import { PageQuery } from './page.dto.ts';

const MAX_URL = 2_048;
const MAX_DELIVERIES = 100;
const DELIVERY_ID = /^[a-z]{1,16}(-\d{1,4})?-\d{1,16}$/;

export class CreateWebhook {
  @ApiProperty({ example: 'https://example.com/jifen', maxLength: MAX_URL })
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_URL)
  readonly url!: string;

  @ApiPropertyOptional({ description: 'event types, families (`points.*`) or `*`, the default', type: [String] })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  readonly events?: string[];

  @ApiPropertyOptional({
    description: '`v1` (default): HMAC with a shared secret; `v1a`: Ed25519, you get a public key',
    enum: SIGNATURE_SCHEMES,
  })
  @IsOptional()
  @IsIn(SIGNATURE_SCHEMES)
  readonly signature?: SignatureScheme;

  @ApiPropertyOptional({ maxLength: 256 })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  readonly description?: string;
}

export class ResendDeliveries {
  @ApiPropertyOptional({ description: 'ids of deliveries; the oldest dead ones when left out', type: [String] })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_DELIVERIES)
  @Matches(DELIVERY_ID, { each: true })
  readonly deliveries?: string[];
}

export class ReplayDeliveries {
  @ApiPropertyOptional({ description: 'what was queued from this instant on', example: '2026-11-01T00:00:00Z' })
  @IsOptional()
  @IsInstant()
  readonly from?: string;

  @ApiPropertyOptional({ description: 'this delivery and those after it', example: 'ledger-3-17' })
  @IsOptional()
  @Matches(DELIVERY_ID)
  readonly delivery?: string;

  @ApiPropertyOptional({ description: '`next` of the call before' })
  @IsOptional()
  @Matches(/^\d{1,15}$/)
  readonly cursor?: string;
}

export class WebhookParams {
  @ApiProperty({ example: 'we_0123456789abcdef01234567' })
  @Matches(/^we_[0-9a-f]{24}$/)
  readonly id!: string;
}

export class DeliveryParams extends WebhookParams {
  @ApiProperty({ example: 'ledger-3-17' })
  @Matches(DELIVERY_ID)
  readonly delivery!: string;
}

export class DeliveryQuery extends PageQuery {
  @ApiPropertyOptional({ enum: DELIVERY_STATES })
  @IsOptional()
  @IsIn(DELIVERY_STATES)
  readonly state?: DeliveryState;
}
