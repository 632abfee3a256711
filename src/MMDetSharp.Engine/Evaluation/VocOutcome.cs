namespace MMDetSharp.Engine.Evaluation;

/// <summary>What a detection counts as.</summary>
internal enum VocOutcome
{
    /// <summary>It matched an ignored object, or has another size than asked for.</summary>
    Ignored,

    /// <summary>It found an object.</summary>
    Right,

    /// <summary>It found nothing, or an object that was found already.</summary>
    Wrong,
}
