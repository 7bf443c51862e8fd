// Generated from schema.json.
/**
 * Canonical order: a full snapshot of the order as the source sees it, never a delta. Either member or identity names the member.
 */
export interface Order {
  program?: string;
  member?: string;
  identity?: {
    /**
     * kind of identity, e.g. phone-hash, wecom, shop-customer
     */
    namespace: string;
    value: string;
  };
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
