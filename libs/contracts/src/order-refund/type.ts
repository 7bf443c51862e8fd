// Generated from schema.json.
/**
 * A refund notice without its order: merged into the known snapshot, each refundId once.
 */
export interface OrderRefund {
  program?: string;
  source: string;
  refundId: string;
  orderId: string;
  occurredAt: string;
  /**
   * @maxItems 1000
   */
  lines?: {
    lineId: string;
    quantity?: number;
    amount: string;
  }[];
  /**
   * refund of the order as a whole, when the lines are not known
   */
  amount?: string;
}
