namespace MMDetSharp.Models.Assigners;

/// <summary>How the overlap of two boxes is measured.</summary>
public enum OverlapMode
{
    /// <summary>Intersection over union.</summary>
    IoU,

    /// <summary>Intersection over the first box ("foreground").</summary>
    IoF,

    /// <summary>IoU minus the part of the enclosing box that neither covers: arXiv:1902.09630, algorithm 1.</summary>
    GIoU,
}
