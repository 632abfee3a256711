namespace MMDetSharp.Data.Pipelines;

/// <summary>How <see cref="Resize"/> draws from several scales.</summary>
public enum MultiscaleMode
{
    /// <summary>Both edges at random between those of two scales.</summary>
    Range,

    /// <summary>One of the scales.</summary>
    Value,
}
