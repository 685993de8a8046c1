/**
 * Undercuts less deep than this are none, mm: feedstock does not flow into a gap as narrow as a vent (0.015 mm, Smith), so steel
 * may give way that far. It is also ten times what freeform surfaces of real files waver along walls meant parallel.
 */
export const VENT_MM = 0.015;
