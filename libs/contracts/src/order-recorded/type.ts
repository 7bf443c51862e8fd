// Generated from schema.json.
/**
 * An accepted order revision as it counts now: refund notices are merged into the refund totals of the lines. Type order.recorded on jifen.activity.v1.
 */
export interface OrderRecorded {
  program: string;
  member: string;
  order: RecordedOrder;
  /**
   * refund notices merged so far
   *
   * @maxItems 1000
   */
  notices?: {
    refundId: string;
    occurredAt: string;
    /**
     * @maxItems 1000
     */
    lines?: {
      lineId: string;
      quantity?: number;
      amount: string;
    }[];
    amount?: string;
  }[];
  /**
   * refund totals as the snapshot itself gave them; present with notices
   *
   * @maxItems 1000
   */
  reported?: {
    lineId: string;
    refundedQuantity: number;
    refundedAmount: string;
  }[];
}
export interface RecordedOrder {
  /**
   * system that owns the order, e.g. erp or shop
   */
  source: string;
  orderId: string;
  /**
   * grows with every change of the order; a higher one replaces a lower one
   */
  revision: number;
  status: 'placed' | 'paid' | 'shipped' | 'completed' | 'cancelled';
  /**
   * when this state came about at the source
   */
  occurredAt: string;
  placedAt: string;
  paidAt?: string;
  completedAt?: string;
  currency: string;
  /**
   * @maxItems 1000
   */
  lines: {
    lineId: string;
    sku: string;
    productId?: string;
    category?: string;
    quantity: number;
    /**
     * price × quantity before discount
     */
    amount: string;
    discount?: string;
    tax?: string;
    /**
     * @maxItems 32
     */
    tags?: string[];
    /**
     * total returned so far
     */
    refundedQuantity?: number;
    /**
     * total refunded so far, in the terms of what was paid for the line
     */
    refundedAmount?: string;
    isGift?: boolean;
  }[];
  shipping?: string;
  orderDiscount?: string;
  /**
   * @maxItems 32
   */
  payments?: {
    kind: 'cash' | 'points' | 'gift-card' | 'store-credit';
    amount: string;
  }[];
  pricesIncludeTax?: boolean;
  channel?: string;
  store?: string;
  attributes?: {
    [k: string]: string | number | boolean | null;
  };
}
