import { instant, instantFromMillis, ID_PATTERN } from '@jifen/kernel';
import { answered, IsInstant, PrincipalOf, RequireScope, type Principal } from '@jifen/service-host';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsDefined, IsOptional, Matches } from 'class-validator';
import { previewCart, type CartPreview } from '../application/preview/preview-cart.ts';
import type { UnwrittenParts } from '../application/preview/unwritten.ts';
import type { Queryable } from './queryable.ts';

export const PREVIEW_READS = Symbol('PREVIEW_READS');

export type PreviewReads = UnwrittenParts<Queryable>;

export class CartPreviewBody {
  /** Whose cart it is; absent: somebody of whom nothing is known. */
  @IsOptional()
  @Matches(new RegExp(ID_PATTERN))
  readonly member?: string;

  /** When it would be ordered; now when absent. */
  @IsOptional()
  @IsInstant()
  readonly at?: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description:
      'As in an order, before there is one: currency and lines, and if known shipping, orderDiscount, payments, pricesIncludeTax, channel, store, source and attributes',
    example: { currency: 'CNY', lines: [{ lineId: '1', sku: 'TEA', quantity: 1, amount: '129.90' }] },
  })
  @IsDefined()
  readonly cart!: unknown;
}

@ApiTags('ratings')
@Controller('v1/carts')
export class PreviewController {
  constructor(@Inject(PREVIEW_READS) private readonly reads: PreviewReads) {}

  @Post('preview')
  @HttpCode(200)
  @RequireScope('cart:preview')
  @ApiOperation({
    summary:
      'What a cart would earn if it were ordered now: by rule, with the reasons, and what is missing for more; for a member with its tier, limits and windows as they are, or for nobody in particular. Writes nothing and promises nothing',
  })
  async preview(
    @PrincipalOf() { program }: Principal,
    @Body() { member, at, cart }: CartPreviewBody,
  ): Promise<CartPreview> {
    const when = at === undefined ? instantFromMillis(this.reads.clock()) : instant(at);
    return answered(await previewCart(this.reads, { program, member, at: when, cart }));
  }
}
