using MMDetSharp.Models.Layers;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>Turns maps into boxes with scores. What all heads do with those (NMS and what comes before it) is not its task.</summary>
public interface IDecoder
{
    /// <summary>Where boxes that reach over the image's edges end.</summary>
    BoxBorder Border => BoxBorder.Edge;

    /// <summary>Decodes the top-k boxes of each level (<c>nms_pre</c>).</summary>
    /// <param name="maps">As the network gave them, (B, C, H, W) each; borrowed.</param>
    /// <returns>(B): the candidates of each level; they belong to the caller.</returns>
    IReadOnlyList<IReadOnlyList<Candidates>> Decode(MapSet maps);
}

/// <summary>Decoded boxes and scores before score threshold, NMS and top-k.</summary>
/// <param name="Boxes">(N, 4) xyxy in pixels of the network's input.</param>
/// <param name="Scores">(N, K), without background, 0 to 1.</param>
/// <param name="Factors">
/// (N) what scores are multiplied by after the score threshold, such as centerness or objectness; null: nothing.
/// </param>
public sealed record Candidates(Tensor Boxes, Tensor Scores, Tensor? Factors = null)
{
    /// <summary>Concatenates the candidates of all levels.</summary>
    /// <returns>They belong to the caller.</returns>
    internal static Candidates Join(IReadOnlyList<Candidates> levels) => new(
        Tensor.Cat(0, [.. levels.Select(level => level.Boxes)]),
        Tensor.Cat(0, [.. levels.Select(level => level.Scores)]),
        levels[0].Factors is null ? null : Tensor.Cat(0, [.. levels.Select(level => level.Factors!)]));

    /// <summary>Hands the tensors to the scope around the current one.</summary>
    internal Candidates KeepIn(TensorScope scope)
    {
        scope.Keep(Boxes);
        scope.Keep(Scores);
        if (Factors is not null)
        {
            scope.Keep(Factors);
        }

        return this;
    }
}
