namespace MMDetSharp.Data.Pipelines;

/// <summary>How <see cref="CenterPad"/> finds the length of a side.</summary>
public enum CenterPadMode
{
    /// <summary><c>side | value</c>: with 127, one less than a multiple of 128.</summary>
    LogicalOr,

    /// <summary>The next multiple of the value.</summary>
    SizeDivisor,
}
