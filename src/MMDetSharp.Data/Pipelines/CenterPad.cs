namespace MMDetSharp.Data.Pipelines;

/// <summary>How far a picture is padded on all sides for testing.</summary>
/// <param name="Mode">How the value is used.</param>
/// <param name="Value">Such as 127, or 32.</param>
public sealed record CenterPad(CenterPadMode Mode, int Value)
{
    /// <summary>The padded length of a side.</summary>
    /// <param name="side">Its length.</param>
    public int Target(int side) =>
        Mode == CenterPadMode.LogicalOr ? side | Value : (side + Value - 1) / Value * Value;
}
