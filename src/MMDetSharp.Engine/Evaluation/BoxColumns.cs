namespace MMDetSharp.Engine.Evaluation;

/// <summary>Boxes as five columns, so that a whole register of them is compared at once.</summary>
internal sealed class BoxColumns(int count)
{
    internal double[] X1 { get; } = new double[count];

    internal double[] Y1 { get; } = new double[count];

    internal double[] X2 { get; } = new double[count];

    internal double[] Y2 { get; } = new double[count];

    internal double[] Area { get; } = new double[count];

    internal void Set(int i, double x, double y, double width, double height)
    {
        X1[i] = x;
        Y1[i] = y;
        X2[i] = width + x;
        Y2[i] = height + y;
        Area[i] = width * height;
    }
}
